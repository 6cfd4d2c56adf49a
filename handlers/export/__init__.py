"""What desk and leaders take out: workbook, table, printed sheet; the desk also evidence and upload sheet."""
