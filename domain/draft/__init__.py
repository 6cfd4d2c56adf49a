"""An innovation in the making: the facts it is judged by, the path through its form, what it must meet."""
