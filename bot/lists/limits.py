"""How much a list may be."""

MOST_BYTES = 5_000_000  # of the file
# of one part of a workbook, unpacked; 5,000 rows of 40 cells take about 12 million
MOST_PART_BYTES = 20_000_000
MOST_ELEMENTS = 1_000_000  # of one part; 5,000 rows of 40 cells have at most 800,000
MOST_ALL_BYTES = 3 * MOST_PART_BYTES  # of all parts that are text
MOST_PARTS, MOST_SHEETS = 2_000, 30
MOST_ROWS, MOST_COLUMNS = 5_000, 40  # that hold anything
MEMORY_BYTES = 700_000_000  # of address space, of the process that reads
CPU_SECONDS = 15
