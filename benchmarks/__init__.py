"""What is measured, how, and the last results. Not here: anything the product needs to run."""
