"""What should this score be: by size and date, by the model's other scores, by its neighbours; and what comes next.

curve and by_size fit the first, factors and neighbours the second, small_board both on a table of a few dozen models,
missing fills the gaps of a whole table, forecast looks ahead. judge and second_opinion evaluate stored fits with numpy alone, so
that a page can.
"""
