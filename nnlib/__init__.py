"""The reference library of *Neural Networks by Hand*: an evening's reading.

Read it in this order, which is that of the chapters:

1. `differentiation`, `landscapes`, `gradients`: derivatives from values, and what they say.
2. `activations`, `losses`: the two tables of which networks are made.
3. `gradient_descent`: steps downhill, when to stop, how long a step, on how much of the data.
4. `backprop_by_hand`, then `network`: forwards and backwards, one sample and then a batch.
5. `training`, `datasets`, `reliability`: does it learn, and how often?
6. `optimizers`: better steps, each a function of five lines, and the same again for long runs.
7. `computational_graph`: derivatives of anything that is computed.

Leave for the end, or out: `recorded` (numbers that take too long to compute in a page),
`network_differences` (a check of gradients, made fast), `progress` (a line of text). `_validation`
holds what every public function asks of its arguments; `plotting` draws the book's pictures.

S0 to S4 in the docstrings are the book's five sources, and numbers such as E0.4 are its list of
what is wrong in them: ``chapters/errata.md`` names the one and holds the other.
"""
