"""What the desk takes out: workbook, evidence, upload sheet."""
