"""How much a list may be."""

from domain.importing.headings import DEEPEST, MOST_ROWS

MOST_BYTES = 5_000_000  # of the file
# of one part of a workbook, unpacked; 2,000 rows of 40 cells take about 5 million, formats come on top
MOST_PART_BYTES = 20_000_000
MOST_ELEMENTS = (
    1_000_000  # of one part; 2,000 rows of 40 cells have at most 320,000, formatted empty cells come on top
)
MOST_ALL_BYTES = 3 * MOST_PART_BYTES  # of all parts that are text
MOST_PARTS, MOST_SHEETS = 2_000, 30
MOST_LINES = MOST_ROWS + DEEPEST  # that hold anything, with what may stand above the heading
MOST_COLUMNS = 40  # that hold anything
MEMORY_BYTES = 700_000_000  # of address space, of the process that reads
CPU_SECONDS = 15
