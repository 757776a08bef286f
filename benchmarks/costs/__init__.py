"""What a month costs, from what requests take, what the template makes, and a table of prices."""
