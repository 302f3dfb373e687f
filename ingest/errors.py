"""Errors of this package that a person reads: one sentence with file, line, column, rule, remedy.

No message here may hold a value of a delivered row, nor the text of a DuckDB error (DuckDB quotes
the line it stumbled over, and that line may hold a national register number).
"""


class IngestError(Exception):
    """Something stops the load; the message is one sentence meant for a person."""


class DeliveryRefused(IngestError):
    """A delivery that is refused whole (F9, G1, F1); nothing of it is loaded.

    Attributes: `delivery_id` (folder name), `file` (name inside the folder, `manifest.json` for
    the manifest, "" for the folder), `reason` and `remedy` (each without a final period).
    """

    def __init__(self, delivery_id: str, file: str, reason: str, remedy: str):
        self.delivery_id, self.file, self.reason, self.remedy = delivery_id, file, reason, remedy
        where = f"{delivery_id}/{file}" if file else delivery_id
        super().__init__(f"Delivery {where} is refused: {reason}; {remedy}.")
