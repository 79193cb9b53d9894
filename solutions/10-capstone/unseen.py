"""Answers by somebody who has not seen the checks, each wrong one with the rows that describe it.

The certificate counts how many of them are named, and whether any is told what is not so.
"""

import math
from collections import Counter, defaultdict
from statistics import median

import numpy as np

# ---------------------------------------------------------------- what was brought along


def softmax(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def draw_start(features, hidden, classes, rng):
    return {
        "W1": rng.standard_normal((features, hidden)) * np.sqrt(1 / features),
        "b1": np.zeros(hidden),
        "W2": rng.standard_normal((hidden, classes)) * np.sqrt(1 / hidden),
        "b2": np.zeros(classes),
    }


def outputs(params, X):
    return np.tanh(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]


def name_classes(params, X):
    return np.argmax(outputs(params, X), axis=1)


def loss_and_gradients(params, X, labels):
    n, rows = len(X), np.arange(len(X))
    H = np.tanh(X @ params["W1"] + params["b1"])
    Z = H @ params["W2"] + params["b2"]
    Z = Z - Z.max(axis=1, keepdims=True)
    log_P = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    loss = -np.mean(log_P[rows, labels])
    d2 = np.exp(log_P)
    d2[rows, labels] -= 1
    d2 /= n
    d1 = d2 @ params["W2"].T * (1 - H**2)
    return loss, {"W1": X.T @ d1, "b1": d1.sum(axis=0), "W2": H.T @ d2, "b2": d2.sum(axis=0)}


def descent_step(w, g, state, rate):
    return w - rate * g, None


def momentum_step(w, g, state, rate):
    h = 0.9 * (0 if state is None else state) + g
    return w - rate * h, h


def adam_step(w, g, state, rate, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = (0, 0, 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), (m, v, t)


STEPS = {"descent": descent_step, "momentum": momentum_step, "adam": adam_step}


# ---------------------------------------------------------------- split, wrong


def split_not_shuffled(X, labels, fraction, rng):
    """It cuts without shuffling."""
    cut = round(fraction * len(X))
    return X[:cut], labels[:cut], X[cut:], labels[cut:]


def split_in_place(X, labels, fraction, rng):
    """The arrays that were passed in are shuffled in place, with two generators of one seed."""
    seed = int(rng.integers(1000))
    np.random.default_rng(seed).shuffle(X)
    np.random.default_rng(seed).shuffle(labels)
    cut = round(fraction * len(X))
    return X[:cut], labels[:cut], X[cut:], labels[cut:]


def split_two_orders(X, labels, fraction, rng):
    """Samples and labels are shuffled each by an order of its own."""
    X, labels = rng.permutation(X), rng.permutation(labels)
    cut = round(fraction * len(X))
    return X[:cut], labels[:cut], X[cut:], labels[cut:]


def split_truncated(X, labels, fraction, rng):
    """int cuts off, so that 0.29 of 100 samples are 28."""
    order = rng.permutation(len(X))
    cut = int(fraction * len(X))
    first, rest = order[:cut], order[cut:]
    return X[first], labels[first], X[rest], labels[rest]


def split_rounded_up(X, labels, fraction, rng):
    """The size is rounded up, so that 0.07 of 100 samples are 8."""
    order = rng.permutation(len(X))
    cut = math.ceil(fraction * len(X))
    first, rest = order[:cut], order[cut:]
    return X[first], labels[first], X[rest], labels[rest]


def split_global_random(X, labels, fraction, rng):
    """The order is drawn with np.random and not with rng."""
    order = np.random.permutation(len(X))  # noqa: NPY002
    cut = round(fraction * len(X))
    return X[order[:cut]], labels[order[:cut]], X[order[cut:]], labels[order[cut:]]


def split_own_seed(X, labels, fraction, rng):
    """The order is drawn with the seed 0, whatever rng is."""
    order = np.random.default_rng(0).permutation(len(X))
    cut = round(fraction * len(X))
    return X[order[:cut]], labels[order[:cut]], X[order[cut:]], labels[order[cut:]]


def split_with_replacement(X, labels, fraction, rng):
    """The order is drawn with replacement, so samples come twice and others get lost."""
    order = rng.integers(0, len(X), len(X))
    cut = round(fraction * len(X))
    return X[order[:cut]], labels[order[:cut]], X[order[cut:]], labels[order[cut:]]


def split_two_choices(X, labels, fraction, rng):
    """The two parts are drawn independently of each other, so that they overlap."""
    n = len(X)
    cut = round(fraction * n)
    first = rng.choice(n, cut, replace=False)
    rest = rng.choice(n, n - cut, replace=False)
    return X[first], labels[first], X[rest], labels[rest]


def split_other_order(X, labels, fraction, rng):
    """It returns both sample arrays first, as scikit-learn does."""
    order = rng.permutation(len(X))
    cut = round(fraction * len(X))
    first, rest = order[:cut], order[cut:]
    return X[first], X[rest], labels[first], labels[rest]


def split_fraction_of_rest(X, labels, fraction, rng):
    """The fraction is taken for the size of the second part."""
    order = rng.permutation(len(X))
    cut = len(X) - round(fraction * len(X))
    first, rest = order[:cut], order[cut:]
    return X[first], labels[first], X[rest], labels[rest]


def split_one_lost(X, labels, fraction, rng):
    """The sample at the cut is lost."""
    order = rng.permutation(len(X))
    cut = round(fraction * len(X))
    first, rest = order[:cut], order[cut + 1 :]
    return X[first], labels[first], X[rest], labels[rest]


def split_by_coin(X, labels, fraction, rng):
    """Each sample is put into the first part by chance, so that its size is only about right."""
    mask = rng.random(len(X)) < fraction
    return X[mask], labels[mask], X[~mask], labels[~mask]


def split_mask_of_order(X, labels, fraction, rng):
    """The part is chosen by chance, and the samples stay in their order."""
    order = rng.permutation(len(X))
    mask = order < round(fraction * len(X))
    return X[mask], labels[mask], X[~mask], labels[~mask]


def split_labels_forgotten(X, labels, fraction, rng):
    """The samples are shuffled and the labels are not."""
    order = rng.permutation(len(X))
    cut = round(fraction * len(X))
    return X[order][:cut], labels[:cut], X[order][cut:], labels[cut:]


# ---------------------------------------------------------------- split, right


def split(X, labels, fraction, rng):
    order = rng.permutation(len(X))
    cut = round(fraction * len(X))
    first, rest = order[:cut], order[cut:]
    return X[first], labels[first], X[rest], labels[rest]


def split_np_split(X, labels, fraction, rng):
    order = np.arange(X.shape[0])
    rng.shuffle(order)
    first, rest = np.split(order, [int(fraction * X.shape[0] + 0.5)])
    return [X[first], labels[first], X[rest], labels[rest]]


def split_sorted_noise(X, labels, fraction, rng):
    order = np.argsort(rng.random(len(labels)))
    X, labels = X[order], labels[order]
    cut = int(np.rint(len(labels) * fraction))
    return X[:cut], labels[:cut], X[cut:], labels[cut:]


def split_glued(X, labels, fraction, rng):
    numbered = rng.permutation(np.column_stack([np.arange(len(X)), np.arange(len(X))]))[:, 0]
    k = round(len(X) * fraction)
    parts = []
    for rows in (numbered[:k], numbered[k:]):
        parts += [np.take(X, rows, axis=0), np.take(labels, rows)]
    return tuple(parts)


def split_without_replacement(X, labels, fraction, rng):
    n = len(X)
    order = rng.choice(n, size=n, replace=False).tolist()
    k = round(fraction * n)
    first, rest = order[:k], order[k:]
    return (
        np.array([X[i] for i in first]).reshape(-1, *X.shape[1:]),
        np.array([labels[i] for i in first], dtype=labels.dtype),
        np.array([X[i] for i in rest]).reshape(-1, *X.shape[1:]),
        np.array([labels[i] for i in rest], dtype=labels.dtype),
    )


# ---------------------------------------------------------------- standardise, wrong


def standardise_each_by_itself(train, *others):
    """Every set is treated with mean and spread of its own."""
    result = []
    for A in (train, *others):
        spread = A.std(axis=0)
        spread[np.ptp(A, axis=0) == 0] = 1
        result.append((A - A.mean(axis=0)) / spread)
    return result


def standardise_all_together(train, *others):
    """Mean and spread come from all sets together."""
    everything = np.vstack([train, *others])
    mean, spread = everything.mean(axis=0), everything.std(axis=0)
    spread = np.where(np.ptp(everything, axis=0) == 0, 1, spread)
    return [(A - mean) / spread for A in (train, *others)]


def standardise_zero_spread(train, *others):
    """It divides by 0 where a column is the same for all samples."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    return [(A - mean) / spread for A in (train, *others)]


def standardise_ddof(train, *others):
    """The spread is divided by n - 1, as pandas does."""
    mean, spread = train.mean(axis=0), train.std(axis=0, ddof=1)
    spread = np.where(np.ptp(train, axis=0) == 0, 1, spread)
    return [(A - mean) / spread for A in (train, *others)]


def standardise_rows(train, *others):
    """Every row is shifted and scaled, not every column."""
    result = []
    for A in (train, *others):
        mean, spread = A.mean(axis=1, keepdims=True), A.std(axis=1, keepdims=True)
        result.append((A - mean) / np.where(spread == 0, 1, spread))
    return result


def standardise_one_number(train, *others):
    """One mean and one spread serve all columns."""
    mean, spread = np.mean(train), np.std(train)
    return [(A - mean) / (spread if spread > 0 else 1) for A in (train, *others)]


def standardise_variance(train, *others):
    """It divides by the variance instead of the spread."""
    mean, spread = train.mean(axis=0), train.var(axis=0)
    spread = np.where(np.ptp(train, axis=0) == 0, 1, spread)
    return [(A - mean) / spread for A in (train, *others)]


def standardise_in_place(train, *others):
    """The arrays that were passed in are changed."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread[np.ptp(train, axis=0) == 0] = 1
    for A in (train, *others):
        A -= mean
        A /= spread
    return [train, *others]


def standardise_with_epsilon(train, *others):
    """1e-8 is added to the spread, so a constant column is blown up in the other sets."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    return [(A - mean) / (spread + 1e-8) for A in (train, *others)]


def standardise_train_missing(train, *others):
    """The list holds the other sets only."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(np.ptp(train, axis=0) == 0, 1, spread)
    return [(A - mean) / spread for A in others]


def standardise_two_sets(train, *others):
    """It treats only the first of the other sets, and fails without any."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(np.ptp(train, axis=0) == 0, 1, spread)
    return [(train - mean) / spread, (others[0] - mean) / spread]


def standardise_nan_to_zero(train, *others):
    """It divides by 0 and replaces what is not a number, so other sets get huge numbers there."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    with np.errstate(all="ignore"):
        return [np.nan_to_num((A - mean) / spread) for A in (train, *others)]


def standardise_min_max(train, *others):
    """Every column is brought to the range from 0 to 1."""
    low, width = train.min(axis=0), np.ptp(train, axis=0)
    return [(A - low) / np.where(width == 0, 1, width) for A in (train, *others)]


def standardise_constant_dropped(train, *others):
    """Columns that are the same for all samples are left out."""
    keep = np.ptp(train, axis=0) > 0
    mean, spread = train.mean(axis=0)[keep], train.std(axis=0)[keep]
    return [(A[:, keep] - mean) / spread for A in (train, *others)]


def standardise_constant_untouched(train, *others):
    """A column that is the same for all samples keeps its mean."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    same = np.ptp(train, axis=0) == 0
    mean, spread = np.where(same, 0, mean), np.where(same, 1, spread)
    return [(A - mean) / spread for A in (train, *others)]


def standardise_small_is_zero(train, *others):
    """Every spread below 1e-3 counts as 0, which forgets features in large units."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    return [(A - mean) / np.where(spread < 1e-3, 1, spread) for A in (train, *others)]


def standardise_type_kept(train, *others):
    """The results have the type of what was passed in, which cuts whole-number features."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(np.ptp(train, axis=0) == 0, 1, spread)
    return [((A - mean) / spread).astype(A.dtype) for A in (train, *others)]


# ---------------------------------------------------------------- standardise, right


def standardise(train, *others):
    mean = train.mean(axis=0)
    spread = np.where((train == train[0]).all(axis=0), 1, train.std(axis=0))
    return [(A - mean) / spread for A in (train, *others)]


def standardise_columns(train, *others):
    result = [np.zeros(A.shape) for A in (train, *others)]
    for j in range(train.shape[1]):
        column = train[:, j]
        mean = sum(column) / len(column)
        spread = math.sqrt(sum((x - mean) ** 2 for x in column) / len(column))
        if min(column) == max(column):
            spread = 1
        for new, old in zip(result, (train, *others), strict=False):
            new[:, j] = (old[:, j] - mean) / spread
    return result


def standardise_closure(train, *others):
    centre = np.mean(train, axis=0)
    scale = np.sqrt(np.mean(np.square(train - centre), axis=0))
    scale[np.ptp(train, axis=0) == 0] = 1.0

    def treat(A):
        return np.divide(np.subtract(A, centre), scale)

    return list(map(treat, [train, *others]))


def standardise_pieces(train, *others):
    sizes = np.cumsum([len(train)] + [len(A) for A in others])[:-1]
    stacked = np.concatenate((train, *others)).astype(float)
    width = train.max(axis=0) - train.min(axis=0)
    stacked = (stacked - np.average(train, axis=0)) / np.where(width > 0, np.std(train, axis=0), 1)
    return np.split(stacked, sizes)


def standardise_loop(train, *others):
    spread = np.array([1.0 if len(set(c.tolist())) == 1 else c.std() for c in train.T])
    result = []
    for A in [train, *list(others)]:
        B = np.array(A, dtype=float)
        B -= train.mean(axis=0)
        B /= spread
        result.append(B)
    return result


# ---------------------------------------------------------------- balanced_accuracy, wrong


def balanced_plain_share(named, labels):
    """It is the share of all samples that are right."""
    return np.mean(named == labels)


def balanced_precision(named, labels):
    """The shares are taken of the samples named so, not of those with the label."""
    shares = []
    for c in np.unique(labels):
        chosen = named == c
        shares.append(np.mean(labels[chosen] == c) if chosen.any() else 0.0)
    return np.mean(shares)


def balanced_classes_named(named, labels):
    """The classes are those named, so a class that is never named is left out."""
    return np.mean([np.mean(named[labels == c] == c) for c in np.unique(named)])


def balanced_two_classes(named, labels):
    """There are always the classes 0 and 1."""
    return np.mean([np.mean(named[labels == c] == c) for c in (0, 1)])


def balanced_up_to_largest(named, labels):
    """The classes are all from 0 to the largest, also those without a sample."""
    return np.mean([np.mean(named[labels == c] == c) for c in range(labels.max() + 1)])


def balanced_as_many_as(named, labels):
    """The classes are counted, and taken to be 0, 1, 2 without a gap."""
    classes = len(np.unique(labels))
    return np.mean([np.mean(named[labels == c] == c) for c in range(classes)])


def balanced_absent_is_zero(named, labels):
    """A class that is named but has no sample counts with the share 0."""
    shares = []
    for c in np.union1d(named, labels):
        chosen = labels == c
        shares.append(np.mean(named[chosen] == c) if chosen.any() else 0.0)
    return np.mean(shares)


def balanced_sum(named, labels):
    """The shares are added up and not averaged."""
    return sum(np.mean(named[labels == c] == c) for c in np.unique(labels))


def balanced_weighted(named, labels):
    """The shares are weighted with the sizes of the classes, which gives the plain share again."""
    classes, sizes = np.unique(labels, return_counts=True)
    shares = [np.mean(named[labels == c] == c) for c in classes]
    return np.average(shares, weights=sizes)


def balanced_f1(named, labels):
    """It is the mean of the F1 scores of the classes."""
    scores = []
    for c in np.unique(labels):
        both = np.sum((named == c) & (labels == c))
        scores.append(2 * both / (np.sum(named == c) + np.sum(labels == c)))
    return np.mean(scores)


def balanced_adjusted(named, labels):
    """It is scaled so that guessing gets 0."""
    value = balanced_accuracy(named, labels)
    C = len(np.unique(labels))
    return (value - 1 / C) / (1 - 1 / C)


def balanced_worst(named, labels):
    """It is the least of the shares."""
    return min(np.mean(named[labels == c] == c) for c in np.unique(labels))


def balanced_mask_not_applied(named, labels):
    """The hits of a class are divided by the number of all samples."""
    return np.mean([np.mean((named == c) & (labels == c)) for c in np.unique(labels)])


def balanced_one_against_rest(named, labels):
    """Samples of other classes that are not named so count as right, too."""
    return np.mean([np.mean((named == c) == (labels == c)) for c in np.unique(labels)])


# ---------------------------------------------------------------- balanced_accuracy, right


def balanced_accuracy(named, labels):
    return np.mean([np.mean(named[labels == c] == c) for c in np.unique(labels)])


def balanced_counter(named, labels):
    size, right = Counter(), Counter()
    for a, b in zip(np.asarray(named).tolist(), np.asarray(labels).tolist(), strict=False):
        size[b] += 1
        right[b] += a == b
    return sum(right[c] / size[c] for c in size) / len(size)


def balanced_bincount(named, labels):
    size = np.bincount(labels)
    right = np.bincount(labels[named == labels], minlength=len(size))
    there = size > 0
    return float((right[there] / size[there]).mean())


def balanced_weights(named, labels):
    _, place, size = np.unique(labels, return_inverse=True, return_counts=True)
    return np.sum((named == labels) / size[place]) / len(size)


def balanced_groups(named, labels):
    groups = defaultdict(list)
    for a, b in zip(named, labels, strict=False):
        groups[int(b)].append(1.0 if a == b else 0.0)
    shares = [sum(hits) / len(hits) for hits in groups.values()]
    return sum(shares) / len(shares)


# ---------------------------------------------------------------- train_network, wrong


def _train(params, X, labels, choices, gradients=None, steps=None):
    """The frame of the training, with the functions that may go wrong."""
    gradients = gradients or loss_and_gradients
    step = (steps or STEPS)[choices["optimizer"]]
    params = {name: np.array(value, dtype=float) for name, value in params.items()}
    states = dict.fromkeys(params)
    losses = []
    for _ in range(choices["steps"]):
        loss, g = gradients(params, X, labels)
        losses.append(loss)
        for name in params:
            params[name], states[name] = step(
                params[name], g[name], states[name], choices["learning_rate"]
            )
    losses.append(gradients(params, X, labels)[0])
    return params, losses


def train_sum_of_losses(params, X, labels, choices):
    """Loss and gradients are sums over the samples."""

    def gradients(p, X, labels):
        loss, g = loss_and_gradients(p, X, labels)
        return loss * len(X), {name: value * len(X) for name, value in g.items()}

    return _train(params, X, labels, choices, gradients)


def train_sigmoid_slope(params, X, labels, choices):
    """The slope of tanh is taken as H (1 - H), as in assignment 05."""

    def gradients(p, X, labels):
        loss, g = loss_and_gradients(p, X, labels)
        H = np.tanh(X @ p["W1"] + p["b1"])
        d2 = softmax(H @ p["W2"] + p["b2"])
        d2[np.arange(len(X)), labels] -= 1
        d1 = d2 / len(X) @ p["W2"].T * H * (1 - H)
        return loss, {**g, "W1": X.T @ d1, "b1": d1.sum(axis=0)}

    return _train(params, X, labels, choices, gradients)


def train_sigmoid_units(params, X, labels, choices):
    """The hidden units are logistic and not tanh."""

    def gradients(p, X, labels):
        n, rows = len(X), np.arange(len(X))
        H = 1 / (1 + np.exp(-(X @ p["W1"] + p["b1"])))
        P = softmax(H @ p["W2"] + p["b2"])
        loss = -np.mean(np.log(P[rows, labels]))
        P[rows, labels] -= 1
        d2 = P / n
        d1 = d2 @ p["W2"].T * H * (1 - H)
        return loss, {"W1": X.T @ d1, "b1": d1.sum(0), "W2": H.T @ d2, "b2": d2.sum(0)}

    return _train(params, X, labels, choices, gradients)


def train_unstable_softmax(params, X, labels, choices):
    """softmax takes exp of the outputs as they are, which overflows when they are large."""

    def gradients(p, X, labels):
        n, rows = len(X), np.arange(len(X))
        H = np.tanh(X @ p["W1"] + p["b1"])
        e = np.exp(H @ p["W2"] + p["b2"])
        P = e / e.sum(axis=1, keepdims=True)
        loss = -np.mean(np.log(P[rows, labels]))
        d2 = (P - np.eye(len(p["b2"]))[labels]) / n
        d1 = d2 @ p["W2"].T * (1 - H**2)
        return loss, {"W1": X.T @ d1, "b1": d1.sum(0), "W2": H.T @ d2, "b2": d2.sum(0)}

    return _train(params, X, labels, choices, gradients)


def train_softmax_down(params, X, labels, choices):
    """softmax goes down the columns, over the samples."""

    def gradients(p, X, labels):
        n, rows = len(X), np.arange(len(X))
        H = np.tanh(X @ p["W1"] + p["b1"])
        e = np.exp(H @ p["W2"] + p["b2"])
        P = e / e.sum(axis=0)
        loss = -np.mean(np.log(P[rows, labels]))
        d2 = (P - np.eye(len(p["b2"]))[labels]) / n
        d1 = d2 @ p["W2"].T * (1 - H**2)
        return loss, {"W1": X.T @ d1, "b1": d1.sum(0), "W2": H.T @ d2, "b2": d2.sum(0)}

    return _train(params, X, labels, choices, gradients)


def train_two_classes(params, X, labels, choices):
    """The wanted rows are made for two classes."""

    def gradients(p, X, labels):
        Y = np.eye(2)[labels]
        H = np.tanh(X @ p["W1"] + p["b1"])
        P = softmax(H @ p["W2"] + p["b2"])
        loss = -np.sum(Y * np.log(P)) / len(X)
        d2 = (P - Y) / len(X)
        d1 = d2 @ p["W2"].T * (1 - H**2)
        return loss, {"W1": X.T @ d1, "b1": d1.sum(0), "W2": H.T @ d2, "b2": d2.sum(0)}

    return _train(params, X, labels, choices, gradients)


def train_classes_from_labels(params, X, labels, choices):
    """The number of classes is the largest label plus 1, too small if the last class is absent."""
    Y = np.eye(labels.max() + 1)[labels]

    def gradients(p, X, labels):
        H = np.tanh(X @ p["W1"] + p["b1"])
        P = softmax(H @ p["W2"] + p["b2"])
        loss = -np.sum(Y * np.log(P)) / len(X)
        d2 = (P - Y) / len(X)
        d1 = d2 @ p["W2"].T * (1 - H**2)
        return loss, {"W1": X.T @ d1, "b1": d1.sum(0), "W2": H.T @ d2, "b2": d2.sum(0)}

    return _train(params, X, labels, choices, gradients)


def train_momentum_average(params, X, labels, choices):
    """Momentum weights the new gradient with 0.1."""

    def momentum(w, g, state, rate):
        h = 0.9 * (0 if state is None else state) + 0.1 * g
        return w - rate * h, h

    return _train(params, X, labels, choices, steps={**STEPS, "momentum": momentum})


def train_adam_not_corrected(params, X, labels, choices):
    """Adam's averages are not corrected."""

    def adam(w, g, state, rate):
        m, v = (0, 0) if state is None else state
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        return w - rate * m / (np.sqrt(v) + 1e-8), (m, v)

    return _train(params, X, labels, choices, steps={**STEPS, "adam": adam})


def train_adam_betas(params, X, labels, choices):
    """The betas of Adam are swapped in the call."""

    def adam(w, g, state, rate):
        return adam_step(w, g, state, rate, 0.999, 0.9)

    return _train(params, X, labels, choices, steps={**STEPS, "adam": adam})


def train_adam_counts_four(params, X, labels, choices):
    """Adam's t is one for all arrays and grows with each of them, four times in a step."""
    t = 0

    def adam(w, g, state, rate):
        nonlocal t
        t += 1
        m, v = (0, 0) if state is None else state
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        return w - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8), (m, v)

    return _train(params, X, labels, choices, steps={**STEPS, "adam": adam})


def train_state_not_kept(params, X, labels, choices):
    """The states are begun anew in every step, so that momentum is plain descent."""

    def forgets(step):
        return lambda w, g, state, rate: step(w, g, None, rate)

    steps = {name: forgets(step) for name, step in STEPS.items()}
    return _train(params, X, labels, choices, steps=steps)


kept_states = {}


def train_state_outlives(params, X, labels, choices):
    """The states are global, so a second training begins with those of the first."""
    step = STEPS[choices["optimizer"]]
    params, losses = dict(params), []
    for _ in range(choices["steps"]):
        loss, g = loss_and_gradients(params, X, labels)
        losses.append(loss)
        for name in params:
            key = choices["optimizer"], name
            params[name], kept_states[key] = step(
                params[name], g[name], kept_states.get(key), choices["learning_rate"]
            )
    return params, [*losses, loss_and_gradients(params, X, labels)[0]]


def train_params_in_place(params, X, labels, choices):
    """The new arrays are put into the dict that was passed in."""
    step, states, losses = STEPS[choices["optimizer"]], dict.fromkeys(params), []
    for _ in range(choices["steps"]):
        loss, g = loss_and_gradients(params, X, labels)
        losses.append(loss)
        for name in params:
            params[name], states[name] = step(
                params[name], g[name], states[name], choices["learning_rate"]
            )
    losses.append(loss_and_gradients(params, X, labels)[0])
    return params, losses


def train_choices_popped(params, X, labels, choices):
    """It takes the optimizer out of the dict of choices, which changes it."""
    optimizer = choices.pop("optimizer")
    return _train(params, X, labels, {**choices, "optimizer": optimizer})


def train_last_loss_missing(params, X, labels, choices):
    """The loss after the last step is missing."""
    trained, losses = _train(params, X, labels, choices)
    return trained, losses[:-1]


def train_always_descent(params, X, labels, choices):
    """The optimizer is ignored."""
    return _train(params, X, labels, {**choices, "optimizer": "descent"})


def train_one_after_another(params, X, labels, choices):
    """The second layer moves first, and the deltas go back through its new weights."""
    step = STEPS[choices["optimizer"]]
    params, states, losses = dict(params), dict.fromkeys(params), []
    for _ in range(choices["steps"]):
        losses.append(loss_and_gradients(params, X, labels)[0])
        for name in ("W2", "b2", "W1", "b1"):
            g = loss_and_gradients(params, X, labels)[1]
            params[name], states[name] = step(
                params[name], g[name], states[name], choices["learning_rate"]
            )
    return params, [*losses, loss_and_gradients(params, X, labels)[0]]


def train_loss_over_classes(params, X, labels, choices):
    """The losses returned are divided by the number of classes, too."""
    trained, losses = _train(params, X, labels, choices)
    return trained, [loss / len(params["b2"]) for loss in losses]


def train_bits(params, X, labels, choices):
    """The losses are taken with the logarithm to the base 2."""
    trained, losses = _train(params, X, labels, choices)
    return trained, [loss / np.log(2) for loss in losses]


def train_best_params(params, X, labels, choices):
    """It returns the params with the least loss, not those at the end."""
    best = None
    for steps in range(choices["steps"] + 1):
        trained, losses = _train(params, X, labels, {**choices, "steps": steps})
        if best is None or losses[-1] < best[1]:
            best = trained, losses[-1]
    return best[0], losses


# ---------------------------------------------------------------- train_network, right


def train_network(params, X, labels, choices):
    step = STEPS[choices["optimizer"]]
    states = dict.fromkeys(params)
    losses = []
    for _ in range(choices["steps"]):
        loss, g = loss_and_gradients(params, X, labels)
        losses.append(loss)
        moved = {
            name: step(params[name], g[name], states[name], choices["learning_rate"])
            for name in params
        }
        params = {name: pair[0] for name, pair in moved.items()}
        states = {name: pair[1] for name, pair in moved.items()}
    losses.append(loss_and_gradients(params, X, labels)[0])
    return {name: np.array(value) for name, value in params.items()}, losses


def train_if_chain(params, X, labels, choices):
    names = ("W1", "b1", "W2", "b2")
    p = {name: np.array(params[name], dtype=float) for name in names}
    h = {name: np.zeros_like(p[name]) for name in names}
    v = {name: np.zeros_like(p[name]) for name in names}
    rate, losses = choices["learning_rate"], np.zeros(choices["steps"] + 1)
    losses[0] = loss_and_gradients(p, X, labels)[0]
    for t in range(1, choices["steps"] + 1):
        _, g = loss_and_gradients(p, X, labels)
        for name in names:
            if choices["optimizer"] == "descent":
                p[name] -= rate * g[name]
            elif choices["optimizer"] == "momentum":
                h[name] = 0.9 * h[name] + g[name]
                p[name] -= rate * h[name]
            else:
                h[name] = 0.9 * h[name] + 0.1 * g[name]
                v[name] = 0.999 * v[name] + 0.001 * g[name] ** 2
                root = np.sqrt(v[name] / (1 - 0.999**t))
                p[name] -= rate * h[name] / (1 - 0.9**t) / (root + 1e-8)
        losses[t] = loss_and_gradients(p, X, labels)[0]
    return p, losses


def train_flat_vector(params, X, labels, choices):
    names = ["W1", "b1", "W2", "b2"]
    shapes = [np.shape(params[name]) for name in names]
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]

    def unpack(w):
        return {n: a.reshape(s) for n, a, s in zip(names, np.split(w, cuts), shapes, strict=False)}

    w = np.concatenate([np.ravel(params[name]) for name in names]).astype(float)
    step, state, losses = STEPS[choices["optimizer"]], None, []
    for _ in range(choices["steps"]):
        loss, g = loss_and_gradients(unpack(w), X, labels)
        losses += [loss]
        gradient = np.concatenate([g[name].ravel() for name in names])
        w, state = step(w, gradient, state, choices["learning_rate"])
    losses += [loss_and_gradients(unpack(w), X, labels)[0]]
    return unpack(w), losses


def train_one_hot(params, X, labels, choices):
    Y = (labels[:, None] == np.arange(len(params["b2"]))[None, :]).astype(float)

    def look(p):
        H = np.tanh(np.einsum("ni,ij->nj", X, p["W1"]) + p["b1"])
        Z = np.einsum("nj,jk->nk", H, p["W2"]) + p["b2"]
        top = Z.max(axis=1)
        log_sum = top + np.log(np.sum(np.exp(Z - top[:, None]), axis=1))
        d2 = np.exp(Z - log_sum[:, None]) - Y
        d1 = np.einsum("nk,jk->nj", d2, p["W2"]) * (1 - H * H)
        g = {
            "W1": np.einsum("ni,nj->ij", X, d1) / len(X),
            "b1": d1.mean(axis=0),
            "W2": np.einsum("nj,nk->jk", H, d2) / len(X),
            "b2": d2.mean(axis=0),
        }
        return np.mean(log_sum - np.sum(Y * Z, axis=1)), g

    return _train(params, X, labels, choices, lambda p, X, labels: look(p))


class Stepper:
    """One array with its memory."""

    def __init__(self, w, optimizer, rate):
        self.w = np.array(w, dtype=float)
        self.optimizer, self.rate, self.state = optimizer, rate, None

    def go(self, g):
        self.w, self.state = STEPS[self.optimizer](self.w, g, self.state, self.rate)


def train_steppers(params, X, labels, choices):
    steppers = {
        name: Stepper(w, choices["optimizer"], choices["learning_rate"])
        for name, w in params.items()
    }
    losses = []
    while True:
        now = {name: stepper.w for name, stepper in steppers.items()}
        loss, g = loss_and_gradients(now, X, labels)
        losses.append(float(loss))
        if len(losses) == choices["steps"] + 1:
            return now, losses
        for name, stepper in steppers.items():
            stepper.go(g[name])


# ---------------------------------------------------------------- compare, wrong


def compare_mean(settings, score, seeds):
    """It takes the mean instead of the median."""
    rows = [[score(setting, seed) for seed in seeds] for setting in settings]
    table = [(np.mean(row), max(row) - min(row)) for row in rows]
    return table, int(np.argmax([one[0] for one in table]))


def compare_standard_deviation(settings, score, seeds):
    """The spread is the standard deviation."""
    rows = [[score(setting, seed) for seed in seeds] for setting in settings]
    table = [(np.median(row), np.std(row)) for row in rows]
    return table, int(np.argmax([one[0] for one in table]))


def compare_best_run(settings, score, seeds):
    """The best setting is the one with the best single run."""
    rows = np.array([[score(setting, seed) for seed in seeds] for setting in settings])
    table = np.column_stack([np.median(rows, axis=1), np.ptp(rows, axis=1)])
    return table, int(np.argmax(rows.max(axis=1)))


def compare_upper_median(settings, score, seeds):
    """With an even number of seeds the median is the upper of the two in the middle."""
    table = []
    for setting in settings:
        row = sorted(score(setting, seed) for seed in seeds)
        table.append((row[len(row) // 2], row[-1] - row[0]))
    return table, max(range(len(table)), key=lambda i: table[i][0])


def compare_not_sorted(settings, score, seeds):
    """The median is the score in the middle of the list, which was not sorted."""
    table = []
    for setting in settings:
        row = [score(setting, seed) for seed in seeds]
        table.append((row[len(row) // 2], max(row) - min(row)))
    return table, max(range(len(table)), key=lambda i: table[i][0])


def compare_smallest(settings, score, seeds):
    """It takes the smallest median, as if the score were a loss."""
    rows = [[score(setting, seed) for seed in seeds] for setting in settings]
    table = [(np.median(row), max(row) - min(row)) for row in rows]
    return table, int(np.argmin([one[0] for one in table]))


def compare_counts_seeds(settings, score, seeds):
    """The seeds are 0, 1, 2 and so on, and not those that were passed."""
    rows = [[score(setting, seed) for seed in range(len(seeds))] for setting in settings]
    table = [(np.median(row), max(row) - min(row)) for row in rows]
    return table, int(np.argmax([one[0] for one in table]))


def compare_from_one(settings, score, seeds):
    """The place of the best is counted from 1."""
    rows = [[score(setting, seed) for seed in seeds] for setting in settings]
    table = [(np.median(row), max(row) - min(row)) for row in rows]
    return table, int(np.argmax([one[0] for one in table])) + 1


def compare_returns_setting(settings, score, seeds):
    """It returns the best setting itself and not its place."""
    rows = [[score(setting, seed) for seed in seeds] for setting in settings]
    table = [(np.median(row), max(row) - min(row)) for row in rows]
    return table, settings[int(np.argmax([one[0] for one in table]))]


def compare_per_seed(settings, score, seeds):
    """Median and spread are taken over the settings, for each seed."""
    rows = np.array([[score(setting, seed) for seed in seeds] for setting in settings])
    table = np.column_stack([np.median(rows, axis=0), np.ptp(rows, axis=0)])
    return table, int(np.argmax(table[:, 0]))


def compare_arguments_swapped(settings, score, seeds):
    """score is called with the seed first."""
    rows = [[score(seed, setting) for seed in seeds] for setting in settings]
    table = [(np.median(row), max(row) - min(row)) for row in rows]
    return table, int(np.argmax([one[0] for one in table]))


def compare_two_rows(settings, score, seeds):
    """The table has a row of medians and a row of spreads."""
    rows = np.array([[score(setting, seed) for seed in seeds] for setting in settings])
    table = np.array([np.median(rows, axis=1), np.ptp(rows, axis=1)])
    return table, int(np.argmax(table[0]))


def compare_settings_as_keys(settings, score, seeds):
    """The settings are keys of a dict, which fails if they are dicts themselves."""
    table = {}
    for setting in settings:
        row = [score(setting, seed) for seed in seeds]
        table[setting] = (np.median(row), max(row) - min(row))
    medians = [one[0] for one in table.values()]
    return list(table.values()), int(np.argmax(medians))


def compare_above_zero(settings, score, seeds):
    """The best so far begins at 0, so that with negative scores the first setting wins."""
    table, best, best_median = [], 0, 0.0
    for i, setting in enumerate(settings):
        row = [score(setting, seed) for seed in seeds]
        table.append((np.median(row), max(row) - min(row)))
        if table[-1][0] > best_median:
            best, best_median = i, table[-1][0]
    return table, best


def compare_sorted_table(settings, score, seeds):
    """The rows of the table are sorted, the best first, so its place is always 0."""
    rows = [[score(setting, seed) for seed in seeds] for setting in settings]
    table = sorted(((np.median(r), max(r) - min(r)) for r in rows), reverse=True)
    return table, 0


def compare_quartiles(settings, score, seeds):
    """The spread is the distance between the quartiles."""
    rows = [[score(setting, seed) for seed in seeds] for setting in settings]
    table = [(np.median(r), np.percentile(r, 75) - np.percentile(r, 25)) for r in rows]
    return table, int(np.argmax([one[0] for one in table]))


def compare_last_less_first(settings, score, seeds):
    """The spread is the last score less the first, not the largest less the smallest."""
    rows = [[score(setting, seed) for seed in seeds] for setting in settings]
    table = [(np.median(row), row[-1] - row[0]) for row in rows]
    return table, int(np.argmax([one[0] for one in table]))


def compare_largest_spread(settings, score, seeds):
    """The argmax goes over the whole table, spreads and all."""
    rows = [[score(setting, seed) for seed in seeds] for setting in settings]
    table = np.array([(np.median(row), max(row) - min(row)) for row in rows])
    return table, int(np.argmax(table))


# ---------------------------------------------------------------- compare, right


def compare(settings, score, seeds):
    rows = [[score(setting, seed) for seed in seeds] for setting in settings]
    table = [(np.median(row), max(row) - min(row)) for row in rows]
    return table, int(np.argmax([one[0] for one in table]))


def compare_array(settings, score, seeds):
    scores = np.zeros((len(settings), len(seeds)))
    for j, seed in enumerate(seeds):
        for i, setting in enumerate(settings):
            scores[i, j] = score(setting, seed)
    table = np.stack((np.median(scores, axis=1), np.ptp(scores, axis=1)), axis=1)
    return table, table[:, 0].argmax()


def compare_statistics(settings, score, seeds):
    table = []
    for setting in settings:
        found = [float(score(setting, seed)) for seed in seeds]
        table.append([median(found), max(found) - min(found)])
    return table, max(range(len(table)), key=lambda place: table[place][0])


def compare_by_hand(settings, score, seeds):
    def middle(numbers):
        numbers = sorted(numbers)
        n = len(numbers)
        return (numbers[(n - 1) // 2] + numbers[n // 2]) / 2

    table, best = [], None
    for setting in settings:
        found = list(map(lambda seed, s=setting: score(s, seed), seeds))
        table.append((middle(found), max(found) - min(found)))
        if best is None or table[-1][0] > table[best][0]:
            best = len(table) - 1
    return tuple(table), best


def compare_percentile(settings, score, seeds):
    rows = np.sort([[score(one, seed) for seed in seeds] for one in settings], axis=1)
    medians = np.percentile(rows, 50, axis=1)
    return list(zip(medians, rows[:, -1] - rows[:, 0], strict=False)), int(np.argsort(medians)[-1])


# ---------------------------------------------------------------- my_program, wrong


def _program(X, labels, X_new, rng, hidden=30, choices=None, classes=None):
    X, X_new = standardise(X, X_new)
    start = draw_start(X.shape[1], hidden, classes or int(labels.max()) + 1, rng)
    choices = choices or {"optimizer": "adam", "learning_rate": 0.05, "steps": 500}
    return name_classes(train_network(start, X, labels, choices)[0], X_new)


def program_linear(X, labels, X_new, rng):
    """There is no hidden layer, so the boundary is straight."""
    X, X_new = standardise(X, X_new)
    W, b = np.zeros((X.shape[1], labels.max() + 1)), np.zeros(labels.max() + 1)
    Y = np.eye(len(b))[labels]
    for _ in range(500):
        d = (softmax(X @ W + b) - Y) / len(X)
        W, b = W - 0.5 * X.T @ d, b - 0.5 * d.sum(axis=0)
    return np.argmax(X_new @ W + b, axis=1)


def program_new_by_itself(X, labels, X_new, rng):
    """X_new is standardised by its own mean and spread, so an answer depends on the others."""
    (X,), (X_new,) = standardise(X), standardise(X_new)
    start = draw_start(X.shape[1], 30, labels.max() + 1, rng)
    choices = {"optimizer": "adam", "learning_rate": 0.05, "steps": 500}
    return name_classes(train_network(start, X, labels, choices)[0], X_new)


def program_all_standardised(X, labels, X_new, rng):
    """Mean and spread are those of X and X_new together: few answers change with the others."""
    X, X_new = standardise_all_together(X, X_new)
    start = draw_start(X.shape[1], 30, labels.max() + 1, rng)
    choices = {"optimizer": "adam", "learning_rate": 0.05, "steps": 500}
    return name_classes(train_network(start, X, labels, choices)[0], X_new)


def program_not_standardised(X, labels, X_new, rng):
    """The features keep their units, so that one of them drowns the other."""
    start = draw_start(X.shape[1], 30, labels.max() + 1, rng)
    choices = {"optimizer": "descent", "learning_rate": 0.1, "steps": 500}
    return name_classes(train_network(start, X, labels, choices)[0], X_new)


def program_zero_start(X, labels, X_new, rng):
    """All weights begin at 0, so that only the biases of the outputs learn."""
    X, X_new = standardise(X, X_new)
    start = draw_start(X.shape[1], 30, labels.max() + 1, rng)
    start = {name: np.zeros_like(value) for name, value in start.items()}
    choices = {"optimizer": "adam", "learning_rate": 0.05, "steps": 500}
    return name_classes(train_network(start, X, labels, choices)[0], X_new)


def program_one_unit(X, labels, X_new, rng):
    """One hidden unit is too few."""
    return _program(X, labels, X_new, rng, hidden=1)


def program_few_steps(X, labels, X_new, rng):
    """Twenty small steps of plain descent are too few."""
    choices = {"optimizer": "descent", "learning_rate": 0.01, "steps": 20}
    return _program(X, labels, X_new, rng, choices=choices)


def program_diverges(X, labels, X_new, rng):
    """With the learning rate 50 the descent jumps about and learns little."""
    choices = {"optimizer": "momentum", "learning_rate": 50.0, "steps": 300}
    return _program(X, labels, X_new, rng, choices=choices)


def program_two_classes(X, labels, X_new, rng):
    """The network has two outputs, so it fails for three classes."""
    return _program(X, labels, X_new, rng, classes=2)


def program_global_random(X, labels, X_new, rng):
    """The start is drawn with np.random, so that the same rng gives other answers."""
    return _program(X, labels, X_new, np.random.default_rng(np.random.randint(10**6)), hidden=6)  # noqa: NPY002


def program_changes_samples(X, labels, X_new, rng):
    """X and X_new are standardised in place."""
    mean, spread = X.mean(axis=0), X.std(axis=0)
    X -= mean
    X /= spread
    X_new -= mean
    X_new /= spread
    return _program(X, labels, X_new, rng)


def program_probabilities(X, labels, X_new, rng):
    """It returns the probabilities of the classes, not the classes."""
    X, X_new = standardise(X, X_new)
    start = draw_start(X.shape[1], 30, labels.max() + 1, rng)
    choices = {"optimizer": "adam", "learning_rate": 0.05, "steps": 500}
    return softmax(outputs(train_network(start, X, labels, choices)[0], X_new))


def program_names_old_samples(X, labels, X_new, rng):
    """It names the classes of X and not of X_new."""
    return _program(X, labels, X, rng)


def program_labels_not_shuffled(X, labels, X_new, rng):
    """The samples are shuffled and the labels are not."""
    return _program(rng.permutation(X), labels, X_new, rng)


trained_before = {}


def program_trains_once(X, labels, X_new, rng):
    """It keeps the first network for each number of classes, and later samples are ignored."""
    S, S_new = standardise(X, X_new)
    classes = int(labels.max()) + 1
    if classes not in trained_before:
        start = draw_start(X.shape[1], 30, classes, rng)
        choices = {"optimizer": "adam", "learning_rate": 0.05, "steps": 500}
        trained_before[classes] = train_network(start, S, labels, choices)[0]
    return name_classes(trained_before[classes], S_new)


def program_batch_normalised(X, labels, X_new, rng):
    """The outputs of X_new are centred over the call before the largest is taken."""
    X, X_new = standardise(X, X_new)
    start = draw_start(X.shape[1], 30, labels.max() + 1, rng)
    choices = {"optimizer": "adam", "learning_rate": 0.05, "steps": 500}
    Z = outputs(train_network(start, X, labels, choices)[0], X_new)
    return np.argmax(Z - Z.mean(axis=0), axis=1)


def program_one_class_only(X, labels, X_new, rng):
    """It always names the largest class."""
    return np.full(len(X_new), np.bincount(labels).argmax())


def program_squeezed(X, labels, X_new, rng):
    """For a single row the result is a number and not an array with one entry."""
    return _program(X, labels, X_new, rng).squeeze()


def program_draws_after_new(X, labels, X_new, rng):
    """Noise is drawn for each row of X_new, so an answer depends on how many others there are."""
    X, X_new = standardise(X, X_new)
    noisy = X_new + 0.5 * rng.standard_normal(X_new.shape)
    start = draw_start(X.shape[1], 30, labels.max() + 1, rng)
    choices = {"optimizer": "adam", "learning_rate": 0.05, "steps": 500}
    return name_classes(train_network(start, X, labels, choices)[0], noisy)


def program_validation_kept(X, labels, X_new, rng):
    """The last fifth is set aside unshuffled, so of sorted rows the last class is not learnt."""
    cut = len(X) * 4 // 5
    best = None
    for rate in (0.0001, 0.05):
        start = draw_start(X.shape[1], 30, labels.max() + 1, rng)
        choices = {"optimizer": "adam", "learning_rate": rate, "steps": 250}
        S, V = standardise(X[:cut], X[cut:])
        trained = train_network(start, S, labels[:cut], choices)[0]
        share = np.mean(name_classes(trained, V) == labels[cut:])
        if best is None or share > best[0]:
            best = share, trained
    return name_classes(best[1], standardise(X[:cut], X_new)[1])


# ---------------------------------------------------------------- my_program, right


def my_program(X, labels, X_new, rng):
    X, X_new = standardise(X, X_new)
    start = draw_start(X.shape[1], 40, int(labels.max()) + 1, rng)
    choices = {"optimizer": "adam", "learning_rate": 0.05, "steps": 600}
    trained, _ = train_network(start, X, labels, choices)
    return name_classes(trained, X_new)


def program_momentum(X, labels, X_new, rng):
    X, X_new = standardise_loop(X, X_new)
    classes, place = np.unique(labels, return_inverse=True)
    start = draw_start(X.shape[1], 40, len(classes), rng)
    start["W1"] = 2 * start["W1"]
    start["b1"] = rng.uniform(-2, 2, 40)
    choices = {"optimizer": "momentum", "learning_rate": 0.2, "steps": 500}
    trained, _ = train_if_chain(start, X, place, choices)
    return classes[name_classes(trained, X_new)]


def program_committee(X, labels, X_new, rng):
    X, X_new = standardise(X, X_new)
    total = 0
    for _ in range(3):
        start = draw_start(X.shape[1], 20, int(labels.max()) + 1, rng)
        start["b1"] = rng.standard_normal(20)
        choices = {"optimizer": "adam", "learning_rate": 0.05, "steps": 300}
        total = total + softmax(outputs(train_flat_vector(start, X, labels, choices)[0], X_new))
    return total.argmax(axis=1)


def program_chooses(X, labels, X_new, rng):
    classes = int(labels.max()) + 1
    part = split(X, labels, round(0.75 * len(X)) / len(X), rng)
    S, V = standardise(part[0], part[2])
    settings = [
        {"optimizer": "adam", "learning_rate": 0.05, "steps": 150},
        {"optimizer": "momentum", "learning_rate": 0.2, "steps": 150},
    ]

    def score(choices, seed):
        start = draw_start(X.shape[1], 40, classes, np.random.default_rng(seed))
        trained = train_network(start, S, part[1], choices)[0]
        return balanced_accuracy(name_classes(trained, V), part[3])

    seeds = rng.integers(0, 2**31, 2).tolist()
    chosen = {**settings[compare(settings, score, seeds)[1]], "steps": 400}
    S, S_new = standardise(X, X_new)
    start = draw_start(X.shape[1], 40, classes, rng)
    return name_classes(train_network(start, S, labels, chosen)[0], S_new)


def program_row_by_row(X, labels, X_new, rng):
    mean, spread = X.mean(axis=0), X.std(axis=0)
    spread = np.where(np.ptp(X, axis=0) > 0, spread, 1.0)
    best = None
    for _ in range(2):
        start = draw_start(X.shape[1], 50, int(max(labels)) + 1, rng)
        start["b1"] = rng.uniform(-1, 1, 50)
        choices = {"optimizer": "adam", "learning_rate": 0.03, "steps": 450}
        trained, losses = train_steppers(start, (X - mean) / spread, labels, choices)
        if best is None or losses[-1] < best[0]:
            best = losses[-1], trained
    return [int(name_classes(best[1], (x[None, :] - mean) / spread)[0]) for x in X_new]


# ---------------------------------------------------------------- unsure


def standardise_spread_is_zero(train, *others):
    """The spread is compared with 0, but np.std of some constant columns is 1e-17 and not 0."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    return [(A - mean) / np.where(spread == 0, 1, spread) for A in (train, *others)]


def standardise_tiny_is_zero(train, *others):
    """Every spread below 1e-12 counts as 0, which might be a feature in a very large unit."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    return [(A - mean) / np.where(spread < 1e-12, 1, spread) for A in (train, *others)]


def train_log_of_softmax(params, X, labels, choices):
    """softmax is stable, but its logarithm is -inf where a probability is too small for a float."""

    def gradients(p, X, labels):
        n, rows = len(X), np.arange(len(X))
        H = np.tanh(X @ p["W1"] + p["b1"])
        P = softmax(H @ p["W2"] + p["b2"])
        loss = -np.mean(np.log(P[rows, labels]))
        d2 = (P - np.eye(len(p["b2"]))[labels]) / n
        d1 = d2 @ p["W2"].T * (1 - H**2)
        return loss, {"W1": X.T @ d1, "b1": d1.sum(0), "W2": H.T @ d2, "b2": d2.sum(0)}

    return _train(params, X, labels, choices, gradients)


def train_log_with_epsilon(params, X, labels, choices):
    """1e-12 is added before the logarithm, so the loss of a sample never exceeds 27.6."""
    trained, _ = _train(params, X, labels, choices)
    losses = []
    for steps in range(choices["steps"] + 1):
        p, _ = _train(params, X, labels, {**choices, "steps": steps})
        P = softmax(outputs(p, X))[np.arange(len(X)), labels]
        losses.append(-np.mean(np.log(P + 1e-12)))
    return trained, losses


def program_neighbours(X, labels, X_new, rng):
    """It asks the nearest samples, which is right in number, but no network."""
    X, X_new = standardise(X, X_new)
    named = []
    for x in X_new:
        near = np.argsort(np.sum((X - x) ** 2, axis=1))[: 5 if len(X) > 20 else 1]
        named.append(np.bincount(labels[near]).argmax())
    return np.array(named)


#: Of a program that learns less than all three sets the rows say which ones it does not learn, and
#: ask about the usual causes: whichever of them is told is so.
LEARNS_LESS = (
    "no hidden layer",
    "not standardised",
    "too little for the spirals",
    "the rare class",
    "not trained",
    "too little for two sets",
    "neither units nor the rare class",
)

WRONG = {
    "split": [
        (split_not_shuffled, ("not shuffled",)),
        (split_in_place, ("shuffled in place",)),
        (split_two_orders, ("labels out of step",)),
        (split_truncated, ("size cut off",)),
        (split_rounded_up, ("size rounded up",)),
        (split_global_random, ("global generator",)),
        (split_own_seed, ("own seed",)),
        (split_with_replacement, ("with replacement",)),
        (split_two_choices, ("parts that overlap",)),
        (split_other_order, ("other order",)),
        (split_fraction_of_rest, ("fraction of the rest",)),
        (split_one_lost, ("the sample at the cut is lost",)),
        (split_by_coin, ("by a coin for each sample",)),
        (split_labels_forgotten, ("labels out of step",)),
    ],
    "standardise": [
        (standardise_each_by_itself, ("each by its own numbers",)),
        (standardise_all_together, ("all together",)),
        (standardise_zero_spread, ("divided by zero",)),
        (standardise_ddof, ("n − 1",)),
        (standardise_rows, ("by rows",)),
        (standardise_one_number, ("one mean for all columns",)),
        (standardise_variance, ("variance",)),
        (standardise_in_place, ("in place",)),
        (standardise_with_epsilon, ("1e-08 added to the spread",)),
        (standardise_train_missing, ("the others alone",)),
        (standardise_two_sets, ("one other set alone",)),
        (standardise_nan_to_zero, ("what is not a number made 0",)),
        (standardise_min_max, ("from 0 to 1",)),
        (standardise_constant_dropped, ("columns that never change left out",)),
        (standardise_constant_untouched, ("columns that never change as they were",)),
        (standardise_small_is_zero, ("small spreads taken for 0",)),
        (standardise_type_kept, ("whole numbers kept",)),
    ],
    "balanced_accuracy": [
        (balanced_plain_share, ("share of all samples",)),
        (balanced_precision, ("share of those named so",)),
        (balanced_classes_named, ("classes that were named",)),
        (balanced_two_classes, ("classes 0 and 1",)),
        (balanced_up_to_largest, ("classes up to the largest",)),
        (balanced_as_many_as, ("classes up to the largest",)),
        (balanced_absent_is_zero, ("classes named or among the labels",)),
        (balanced_sum, ("sum",)),
        (balanced_weighted, ("share of all samples",)),
        (balanced_f1, ("F1",)),
        (balanced_adjusted, ("guessing at 0",)),
        (balanced_worst, ("worst class",)),
        (balanced_mask_not_applied, ("divided by all samples",)),
        (balanced_one_against_rest, ("one class against the rest",)),
    ],
    "train_network": [
        (train_sum_of_losses, ("sum for mean",)),
        (train_sigmoid_slope, ("slope of logistic",)),
        (train_sigmoid_units, ("logistic hidden units",)),
        (train_unstable_softmax, ("softmax beyond all numbers",)),
        (train_softmax_down, ("softmax over the samples",)),
        (train_two_classes, ("two classes",)),
        (train_classes_from_labels, ("classes counted by the labels",)),
        (train_momentum_average, ("average for momentum",)),
        (train_adam_not_corrected, ("no bias correction",)),
        (train_adam_betas, ("betas swapped",)),
        (train_adam_counts_four, ("time counted for each array",)),
        (train_state_not_kept, ("state begun anew",)),
        (train_state_outlives, ()),
        (train_params_in_place, ("params moved in place",)),
        (train_choices_popped, ("choices changed",)),
        (train_last_loss_missing, ("end left out",)),
        (train_always_descent, ("always descent",)),
        (train_one_after_another, ("layer after layer",)),
        (train_loss_over_classes, ("losses over the classes",)),
        (train_bits, ("losses in bits",)),
        (train_best_params, ("the best params",)),
    ],
    "compare": [
        (compare_mean, ("mean",)),
        (compare_standard_deviation, ("standard deviation",)),
        (compare_best_run, ("highest single score",)),
        (compare_upper_median, ("upper median",)),
        (compare_not_sorted, ("unsorted median",)),
        (compare_smallest, ("lowest median",)),
        (compare_counts_seeds, ("seeds counted from 0",)),
        (compare_from_one, ("place counted from 1",)),
        (compare_returns_setting, ("the setting itself",)),
        (compare_per_seed, ("for each seed",)),
        (compare_arguments_swapped, ("arguments of the score exchanged",)),
        (compare_two_rows, ("two rows",)),
        (compare_settings_as_keys, ("settings as keys",)),
        (compare_above_zero, ("best from 0 on",)),
        (compare_sorted_table, ("sorted table",)),
        (compare_quartiles, ("between the quartiles",)),
        (compare_last_less_first, ("last less first",)),
        (compare_largest_spread, ("largest number of the table",)),
    ],
    "my_program": [
        (program_linear, LEARNS_LESS),
        (program_new_by_itself, ("each by its own numbers",)),
        (program_all_standardised, ("all together",)),
        (program_not_standardised, LEARNS_LESS),
        (program_zero_start, LEARNS_LESS),
        (program_one_unit, LEARNS_LESS),
        (program_few_steps, LEARNS_LESS),
        (program_diverges, LEARNS_LESS),
        (program_two_classes, ()),
        (program_global_random, ("global generator",)),
        (program_changes_samples, ("changes the samples",)),
        (program_probabilities, ("probabilities",)),
        (program_names_old_samples, ("answers for the training samples",)),
        (program_labels_not_shuffled, LEARNS_LESS),
        (program_trains_once, LEARNS_LESS),
        (program_batch_normalised, ()),
        (program_one_class_only, LEARNS_LESS),
        (program_squeezed, ("a number for one sample",)),
        (program_draws_after_new, LEARNS_LESS),
        (program_validation_kept, LEARNS_LESS),
    ],
}


RIGHT = {
    "split": [
        # Sorted within its parts: in which order rows stand there is up to the student.
        split_mask_of_order,
        split,
        split_np_split,
        split_sorted_noise,
        split_glued,
        split_without_replacement,
    ],
    "standardise": [
        standardise,
        standardise_columns,
        standardise_closure,
        standardise_pieces,
        standardise_loop,
    ],
    "balanced_accuracy": [
        balanced_accuracy,
        balanced_counter,
        balanced_bincount,
        balanced_weights,
        balanced_groups,
    ],
    "train_network": [
        train_network,
        train_if_chain,
        train_flat_vector,
        train_one_hot,
        train_steppers,
    ],
    "compare": [
        compare,
        compare_array,
        compare_statistics,
        compare_by_hand,
        compare_percentile,
    ],
    "my_program": [
        my_program,
        program_momentum,
        program_committee,
        program_chooses,
        program_row_by_row,
    ],
}

UNSURE = {
    "standardise": [standardise_spread_is_zero, standardise_tiny_is_zero],
    "train_network": [train_log_of_softmax, train_log_with_epsilon],
    "my_program": [program_neighbours],
}
