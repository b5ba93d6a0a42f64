"""The assessment: from the bank and answers to a reasoned result."""
