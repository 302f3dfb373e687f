select as_of_date() as as_of_date
