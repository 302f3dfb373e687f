"""The error of this package: one sentence in each language, what is wrong and what to do.

No sentence ever holds a key, or a part of one.
"""

from __future__ import annotations

_COMMAND = "vigie encrypt"


class EncryptionError(Exception):
    """A key is missing, is another one, or does not go with what lies in a data folder.

    Args:
        fr, nl, en: the sentence in each language.
    """

    def __init__(self, fr: str, nl: str, en: str) -> None:
        self._said = {"fr": fr, "nl": nl, "en": en}
        super().__init__(en)

    def sentence(self, lang: str) -> str:
        """Return the sentence in one language."""
        return self._said.get(lang) or str(self)


def missing(what: object, variable: str) -> EncryptionError:
    """Something is encrypted, and there is no key."""
    return EncryptionError(
        f"{what} est chiffré et {variable} ne donne pas de clé : donnez-y le fichier de la clé.",
        f"{what} is versleuteld en {variable} geeft geen sleutel: geef daar het sleutelbestand op.",
        f"{what} is encrypted and {variable} gives no key; name the file of the key there.",
    )


def wrong(what: object, variable: str) -> EncryptionError:
    """Something is encrypted with another key."""
    return EncryptionError(
        f"{what} est chiffré avec une autre clé que celle de {variable} : donnez-y celle avec "
        "laquelle il a été chiffré.",
        f"{what} is met een andere sleutel versleuteld dan die van {variable}: geef daar de "
        "sleutel op waarmee dat gebeurde.",
        f"{what} is encrypted with another key than that of {variable}; give the one it was "
        "encrypted with.",
    )


def plain(what: object, variable: str) -> EncryptionError:
    """Something is not encrypted, and there is a key."""
    return EncryptionError(
        f"{what} n'est pas chiffré alors que {variable} donne une clé : lancez « {_COMMAND} », ou "
        "retirez ce réglage.",
        f"{what} is niet versleuteld terwijl {variable} een sleutel geeft: start '{_COMMAND}', of "
        "haal die instelling weg.",
        f"{what} is not encrypted while {variable} gives a key; start '{_COMMAND}', or take that "
        "setting away.",
    )


def half(home: object, is_opening: bool) -> EncryptionError:
    """A change of a whole folder was stopped in between."""
    command = f"{_COMMAND} --decrypt" if is_opening else _COMMAND
    return EncryptionError(
        f"{home} n'est chiffré qu'en partie, « {command} » a été interrompu : lancez-le encore.",
        f"{home} is maar gedeeltelijk versleuteld, '{command}' werd onderbroken: start het "
        "opnieuw.",
        f"{home} is encrypted in part only, '{command}' was stopped; start it again.",
    )


def other_way(home: object, is_opening: bool) -> EncryptionError:
    """A change of a whole folder was stopped in between, and the other one is asked for."""
    command = f"{_COMMAND} --decrypt" if is_opening else _COMMAND
    return EncryptionError(
        f"Dans {home}, « {command} » a été interrompu : terminez-le d'abord, "
        "puis faites l'inverse.",
        f"In {home} werd '{command}' onderbroken: werk dat eerst af en doe dan het omgekeerde.",
        f"In {home} '{command}' was stopped; finish that first, then do the opposite.",
    )


def broken_mark(file: object) -> EncryptionError:
    """The mark of an encrypted folder says something else."""
    return EncryptionError(
        f"{file} est endommagé : remettez-le depuis une copie (vigie restore).",
        f"{file} is beschadigd: zet het terug uit een kopie (vigie restore).",
        f"{file} is damaged; bring it back from a copy (vigie restore).",
    )


def no_key(variable: str) -> EncryptionError:
    """A key is needed and none is given."""
    return EncryptionError(
        f"Aucune clé n'est donnée : nommez dans {variable} un fichier (0600) de 64 chiffres "
        "hexadécimaux.",
        f"Er is geen sleutel: noem in {variable} een bestand (0600) met 64 hexadecimale cijfers.",
        f"No key is given; name in {variable} a file (0600) of 64 hexadecimal digits.",
    )


def bad_key(variable: str) -> EncryptionError:
    """What is given is no key."""
    return EncryptionError(
        f"{variable} ne donne pas de clé : il faut le chemin absolu d'un fichier de 64 chiffres "
        "hexadécimaux, ou ces chiffres mêmes.",
        f"{variable} geeft geen sleutel: nodig is het absolute pad van een bestand met 64 "
        "hexadecimale cijfers, of die cijfers zelf.",
        f"{variable} gives no key; it takes the absolute path of a file of 64 hexadecimal digits, "
        "or these digits themselves.",
    )


def unreadable_key(file: object, variable: str) -> EncryptionError:
    """The file of the key is not there, or cannot be read."""
    return EncryptionError(
        f"Le fichier de clé {file}, nommé par {variable}, ne se lit pas : remettez-le en place.",
        f"Het sleutelbestand {file}, genoemd in {variable}, is niet leesbaar: zet het terug.",
        f"The key file {file}, named by {variable}, cannot be read; put it back.",
    )


def open_key(file: object) -> EncryptionError:
    """Others can read the file of the key."""
    return EncryptionError(
        f"D'autres comptes peuvent lire le fichier de clé {file} : lancez « chmod 600 » dessus.",
        f"Andere accounts kunnen het sleutelbestand {file} lezen: voer er 'chmod 600' op uit.",
        f"Other accounts can read the key file {file}; run 'chmod 600' on it.",
    )


def key_inside(file: object, home: object) -> EncryptionError:
    """The file of the key lies beside what it protects."""
    return EncryptionError(
        f"Le fichier de clé {file} est dans {home}, à côté de ce qu'il protège : mettez-le "
        "ailleurs.",
        f"Het sleutelbestand {file} ligt in {home}, naast wat het beschermt: leg het elders.",
        f"The key file {file} lies in {home}, beside what it protects; put it elsewhere.",
    )


def no_extension() -> EncryptionError:
    """The wheel of the extension is not installed, or is of another version than DuckDB."""
    return EncryptionError(
        "L'extension httpfs de DuckDB, qui chiffre, n'est pas installée : lancez « make setup ».",
        "De DuckDB-extensie httpfs, die versleutelt, is niet geïnstalleerd: start 'make setup'.",
        "The extension httpfs of DuckDB, which encrypts, is not installed; run 'make setup'.",
    )


def unreadable(file: object) -> EncryptionError:
    """A file that is to be changed cannot be read."""
    return EncryptionError(
        f"{file} ne se lit pas, ou n'est plus le fichier qui a été écrit : remettez-le depuis une "
        "copie ou retirez-le, puis relancez.",
        f"{file} is niet leesbaar, of niet meer het bestand dat geschreven werd: zet het terug uit "
        "een kopie of haal het weg, en start opnieuw.",
        f"{file} cannot be read, or is no longer the file that was written; bring it back from a "
        "copy or take it away, then start again.",
    )
