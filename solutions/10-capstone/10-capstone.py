# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "introduction", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # Assignment 10: the capstone
#
# You train a network on samples that no chapter has shown, with code of your own, and report what you found. Which
# learning rate, which start and which optimizer: you decide it by what you have measured. There are 20
# points: 11 for the functions, which the checks award, and 9 for the report, which a person reads. Plan six hours, over
# a week rather than in one evening.
#
# | | exercise | points | |
# |---|---|---|---|
# | 1 | `split` | 2 | warm-up |
# | 2 | `standardise` | 2 | warm-up |
# | 3 | `balanced_accuracy` | 1 | warm-up |
# | 4 | `train_network` | 2 | core |
# | 5 | `compare` | 1 | core |
# | 6 | `my_program` | 3 | core |
# | 7 | the report: question and plan | 1 | core |
# | 8 | the report: evidence, as pictures and in words | 4 | core |
# | 9 | the report: the result on the test set | 2 | core |
# | 10 | the report: what failed, and the limits | 2 | stretch |
#
# **How to work.** Replace each `raise NotImplementedError()` by your own code, then run the check
# below it. The check says what is right, what is not yet right, and what to look at; run it as
# often as you like. Grading asks the same questions with other numbers. Use NumPy, and what you wrote
# yourself in the earlier assignments; the book's own `nnlib` functions are not accepted as answers, nor inside them.
# Your function of one exercise may call that of another.
# Keep the names of the functions as they are, and do not delete the check cells.
# Before you hand in, restart the kernel and run everything (*Kernel → Restart Kernel and Run All
# Cells*), then press *Validate*. All cells together should take less than a minute.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

from nnchecks import capstone as check
from nnchecks.variants import capstone_data

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_student_id", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Your samples
#
# Everybody has samples of their own, 400 of them, from one of three sets: two *spirals*, a disc and a ring in unlike
# units (*rings*), or three *unequal classes*. The book's page on the capstone shows all three. Which one is yours,
# and with which noise, follows from your student id. Type it between the quotes and run both cells. There
# are no points for it, but a report on anybody else's samples is not marked.

# %% nbgrader={"grade": false, "grade_id": "student_id", "locked": false, "schema_version": 3, "solution": true, "task": false}
student_id = ""  # your id, between the quotes
if not student_id:
    ### BEGIN SOLUTION
    student_id = "s0000"
    ### END SOLUTION

# %% nbgrader={"grade": false, "grade_id": "test_student_id", "locked": true, "schema_version": 3, "solution": false, "task": false}
name, X, labels = capstone_data(student_id or "nobody yet")
for label in np.unique(labels):
    plt.plot(*X[labels == label].T, "ox^"[label], markersize=4, label=f"class {label}")
plt.xlabel("x₀")
plt.ylabel("x₁")
plt.title(f"{name}: {len(X)} samples of {student_id or 'nobody yet: type your id'}")
plt.legend()
plt.show()

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_my_code", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## The code that you bring
#
# Copy what you need from your own earlier assignments into the next cell, and change it as you like. If a function of
# yours did not get full marks then, mend it first; its check is still there. What you will want:
#
# | from | what | for |
# |---|---|---|
# | 02 | `softmax`, `cross_entropy` | the outputs and the loss |
# | 05 | `predict`, `loss_and_gradients`, `train` | the frame of exercise 4: now with tanh, softmax and cross-entropy |
# | 06 | `momentum_step`, `adam_step` | the other two ways to step |
# | 07 | `xavier`, `he` | where to start |
#
# In all that follows a network has one hidden layer of tanh units, and its outputs go through softmax. Its `params` are the
# dict of assignment 05, with the names "W1", "b1", "W2" and "b2"; but it may have any number of features and of classes.
# Two functions are worth having here, although nobody checks them: one that draws a start for a network of a given size,
# and one that names the class of each row, the one with the largest output.


# %% nbgrader={"grade": false, "grade_id": "my_code", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
def softmax(Z):
    exp = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def forward(params, X):
    H = np.tanh(X @ params["W1"] + params["b1"])
    return H, softmax(H @ params["W2"] + params["b2"])


def classify(params, X):
    return forward(params, X)[1].argmax(axis=1)


def start_network(features, hidden, classes, rng, size=1.0):
    def drawn(n_in, n_out):
        return size * np.sqrt(2 / (n_in + n_out)) * rng.standard_normal((n_in, n_out))

    W1, W2 = drawn(features, hidden), drawn(hidden, classes)
    return {"W1": W1, "b1": np.zeros(hidden), "W2": W2, "b2": np.zeros(classes)}


def descent_step(w, g, state, learning_rate):
    return w - learning_rate * g, None


def momentum_step(w, g, state, learning_rate):
    velocity = g if state is None else 0.9 * state + g
    return w - learning_rate * velocity, velocity


def adam_step(w, g, state, learning_rate):
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2, t + 1
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + 1e-8), (m, v, t)


STEPS = {"descent": descent_step, "momentum": momentum_step, "adam": adam_step}
MY_CHOICES = {"optimizer": "adam", "learning_rate": 0.1, "steps": 150}
MY_HIDDEN = 16
### END SOLUTION

# %% nbgrader={"grade": false, "grade_id": "test_my_code", "locked": true, "schema_version": 3, "solution": false, "task": false}
for wanted in ("softmax", "cross_entropy", "momentum_step", "adam_step", "xavier", "he"):
    print(f"{wanted}: {'here' if wanted in globals() else 'not here (you may not need it)'}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_split", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. Two parts
#
# Shuffle the samples and cut them in two. Return four arrays: the samples and the labels of the first part, then the samples and the
# labels of the rest. `fraction` says how large the first part is; we only ask where `fraction` times the number
# of samples is a whole number, up to rounding. No sample may be in both parts, and none may get lost. Cut twice, and you
# have three sets: one to train on, one to choose by (validation), one to test with at the very end.
#
# The rows of `X` come class by class, as yours do. So shuffle first: draw one order with the generator `rng`, and take
# samples and labels by it. In which order the rows stand within a part is up to you. The arrays passed in stay as they are.
#
# By hand: for four samples with the labels 0, 0, 1, 1 and the order 2, 0, 3, 1, the fraction 0.5 puts samples 2 and 0 into
# the first part, with the labels 1 and 0, and samples 3 and 1 into the rest, with the labels 1 and 0.


# %% nbgrader={"grade": false, "grade_id": "split", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split(X, labels, fraction, rng):
    """Shuffle samples and labels together, and cut: X and labels of the first part, then of the rest.

    >>> rows = np.arange(8.0).reshape(4, 2)
    >>> parts = split(rows, np.array([0, 0, 1, 1]), 0.75, np.random.default_rng(0))
    >>> [part.shape for part in parts]
    [(3, 2), (3,), (1, 2), (1,)]
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    k = round(fraction * len(X))
    first, rest = order[:k], order[k:]
    return X[first], labels[first], X[rest], labels[rest]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_split", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.split(split)
### BEGIN HIDDEN TESTS
check.split(split, seed=101, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_standardise", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. One size for all features
#
# A feature in millimetres is a thousand times as large as the same one in metres, and tanh is flat beyond 3. So we give every
# column the mean 0 and the spread 1. The spread is the root of the mean squared distance from the mean, `np.std` as it is.
#
# Return a list with as many arrays as were passed in. Mean and spread of each column come from `train`, and from
# nothing else; every array is treated with these same numbers. A column that is the same for all samples of `train`
# has the spread 0: take its mean away, and divide by 1. The arrays passed in stay as they are.
#
# By hand: if `train` has one column with $1$ and $3$, its mean is $2$ and its spread $1$. It becomes $-1$ and $1$, and a
# $5$ in another set becomes $3$.


# %% nbgrader={"grade": false, "grade_id": "standardise", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardise(train, *others):
    """Shift and scale every column, by the mean and the spread that it has in train.

    >>> standardise(np.array([[1.0], [3.0]]), np.array([[5.0]]))
    [array([[-1.],
           [ 1.]]), array([[3.]])]
    """
    ### BEGIN SOLUTION
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread == 0, 1.0, spread)
    return [(array - mean) / spread for array in (train, *others)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_standardise", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.standardise(standardise)
### BEGIN HIDDEN TESTS
check.standardise(standardise, seed=102, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_balanced_accuracy", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. A measure that cannot be bribed
#
# If three quarters of the samples have the label 0, who always says 0 has three quarters right. So we count in another
# way: take each class that is among the `labels`; of the samples with that label, what share is named so? The **balanced
# accuracy** is the mean of these shares. Who always says the same gets $1/C$ with $C$ classes.
#
# By hand: the labels are 0, 0, 0, 1 and the classes named are 0, 0, 0, 0. Three of four are right, which is $0.75$. In
# class 0 the share is $1$, in class 1 it is $0$, and the balanced accuracy is $0.5$.


# %% nbgrader={"grade": false, "grade_id": "balanced_accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def balanced_accuracy(named, labels):
    """The mean, over the classes among the labels, of the share that is named rightly.

    >>> float(balanced_accuracy(np.array([0, 0, 0, 0]), np.array([0, 0, 0, 1])))
    0.5
    """
    ### BEGIN SOLUTION
    return np.mean([np.mean(named[labels == c] == c) for c in np.unique(labels)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_balanced_accuracy", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check.balanced_accuracy(balanced_accuracy)
### BEGIN HIDDEN TESTS
check.balanced_accuracy(balanced_accuracy, seed=103, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_train_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. The training
#
# Train the network from the start `params`, with all samples in every step. The loss is the mean cross-entropy:
#
# $$H = \tanh(X W_1 + \mathbf{b}_1), \qquad P = \operatorname{softmax}(H W_2 + \mathbf{b}_2), \qquad
#   L = -\frac1n \sum_{i} \log P_{i,\,\text{label}_i}.$$
#
# There are as many classes as `b2` has entries; `labels` are whole numbers from 0. `choices` is a dict of three:
#
# | name | value |
# |---|---|
# | "optimizer" | "descent": $w \leftarrow w - \eta g$; "momentum": $h \leftarrow 0.9\,h + g$ and $w \leftarrow w - \eta h$; "adam": as in assignment 06, with $\beta_1 = 0.9$, $\beta_2 = 0.999$ and $\varepsilon = 10^{-8}$ |
# | "learning_rate" | $\eta$ |
# | "steps" | how many steps |
#
# Return two things, as in assignment 05: the `params` at the end, and the `steps + 1` losses, at the start and after each
# step. What was passed in stays as it is.
#
# By hand: two features, one hidden unit, $W_1$ a column of $1$ and $-1$, $W_2$ the row $(2, 0)$, all biases 0, and the one
# sample $(1, 1)$ with the label 0. Then $H = \tanh 0 = 0$, both probabilities are $\tfrac12$, and the loss is $\ln 2 = 0.6931$.
# The deltas of the outputs are $(-\tfrac12, \tfrac12)$, that of the hidden unit is $-\tfrac12 \cdot 2 \cdot (1 - 0^2) = -1$. A step of
# descent with the rate $0.5$ takes $W_1$ to $1.5$ and $-0.5$, $\mathbf{b}_1$ to $0.5$ and $\mathbf{b}_2$ to $(0.25, -0.25)$; $W_2$ stays, since $H = 0$.
# The loss is then $0.0946$.


# %% nbgrader={"grade": false, "grade_id": "train_network", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_network(params, X, labels, choices):
    """The params after the training, and the loss before, between and after the steps.

    >>> W1, W2 = np.array([[1.0], [-1.0]]), np.array([[2.0, 0.0]])
    >>> params = {"W1": W1, "b1": np.zeros(1), "W2": W2, "b2": np.zeros(2)}
    >>> choices = {"optimizer": "descent", "learning_rate": 0.5, "steps": 1}
    >>> trained, losses = train_network(params, np.array([[1.0, 1.0]]), np.array([0]), choices)
    >>> trained["W1"].ravel(), trained["b2"], [round(float(loss), 4) for loss in losses]
    (array([ 1.5, -0.5]), array([ 0.25, -0.25]), [0.6931, 0.0946])
    """
    ### BEGIN SOLUTION
    step = STEPS[choices["optimizer"]]
    rows, states, losses = np.arange(len(X)), dict.fromkeys(params), []
    for k in range(choices["steps"] + 1):
        H, P = forward(params, X)
        losses.append(-np.mean(np.log(P[rows, labels])))
        if k == choices["steps"]:
            break
        D2 = P.copy()
        D2[rows, labels] -= 1
        D2 = D2 / len(X)
        D1 = D2 @ params["W2"].T * (1 - H**2)
        slopes = {"W1": X.T @ D1, "b1": D1.sum(axis=0), "W2": H.T @ D2, "b2": D2.sum(axis=0)}
        new = {}
        for key in params:
            new[key], states[key] = step(
                params[key], slopes[key], states[key], choices["learning_rate"]
            )
        params = new
    return params, losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_network", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.train_network(train_network)
### BEGIN HIDDEN TESTS
check.train_network(train_network, seed=104, rounds=4)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_compare", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. The comparison
#
# One run proves little: another start, another result. So we measure each setting with several seeds. `settings` is
# a list, of choices or of whatever your score takes; `score(setting, seed)` returns one number, and larger is better. Call it
# for every setting with every one of the `seeds`. Return two things: a table with a row for each setting, holding the
# **median** of its scores and their **spread**, the largest less the smallest; and the place, counted from 0, of the setting
# with the largest median. No two medians that we ask for are equal.
#
# By hand: with the scores $0.8, 0.9, 0.7$ for the first setting and $0.2, 1.0, 0.6$ for the second, the rows are
# $(0.8, 0.2)$ and $(0.6, 0.8)$, and the place of the best is 0. The best single run was one of the second setting.


# %% nbgrader={"grade": false, "grade_id": "compare", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compare(settings, score, seeds):
    """A row (median, spread) for each setting, and the place of the largest median.

    >>> scores = {"a": [0.75, 1.0, 0.5], "b": [0.25, 0.0, 0.5]}
    >>> table, best = compare(["a", "b"], lambda setting, seed: scores[setting][seed], [0, 1, 2])
    >>> [[float(number) for number in row] for row in table], int(best)
    ([[0.75, 0.5], [0.25, 0.5]], 0)
    """
    ### BEGIN SOLUTION
    table = []
    for setting in settings:
        scores = [score(setting, seed) for seed in seeds]
        table.append((np.median(scores), max(scores) - min(scores)))
    return table, np.argmax([row[0] for row in table])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_compare", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check.compare(compare)
### BEGIN HIDDEN TESTS
check.compare(compare, seed=105, rounds=5)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_my_program", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. The whole program
#
# Put it together: train on `X` and `labels`, and return the class of each row of `X_new`, which has no labels. What is
# inside is up to you: how many hidden units, which start, optimizer, rate and steps, and whether it measures first and
# then chooses. One program has to learn **all three sets**, because that is how it is marked: it is given 160 or 200 samples
# of a set, and then others that you have never seen, in grading with other seeds than here.
#
# How well must it do? Ask the five nearest training samples and take the class that most of them have: this is no network,
# and it needs no choices. Let $b$ be the balanced accuracy that they reach on the very same samples, and $g = 1/C$ that of guessing. Your program
# must reach $g + \tfrac23 (b - g)$. For the spirals and the rings that is about $0.83$, and for the unequal
# classes, which overlap, about $0.72$. (It follows from the samples, so that it differs a little from set to set.)
#
# It has to be a network, trained by your own code: who reads your report reads this cell, too.
# The answer for a sample must not depend on which others are asked about in the same call. Every number that is
# drawn comes from `rng`. What is passed in stays as it is. A call should take less than a second: it is made six
# times, and again in grading, with a limit of 30 seconds for a cell.
#
# For example, `my_program(X, labels, X[:5], np.random.default_rng(0))` returns five whole numbers.


# %% nbgrader={"grade": false, "grade_id": "my_program", "locked": false, "schema_version": 3, "solution": true, "task": false}
def my_program(X, labels, X_new, rng):
    """Train on X and labels, and name the class of each row of X_new.

    >>> near = np.array([[0.0, 0.0], [0.1, 0.0], [1.0, 1.0], [0.9, 1.0]])
    >>> named = my_program(near, np.array([0, 0, 1, 1]), near[::-1], np.random.default_rng(0))
    >>> [int(label) for label in named]
    [1, 1, 0, 0]
    """
    ### BEGIN SOLUTION
    train, new = standardise(X, X_new)
    start = start_network(X.shape[1], MY_HIDDEN, np.max(labels) + 1, rng)
    params, _ = train_network(start, train, labels, MY_CHOICES)
    return classify(params, new)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_my_program", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.my_program(my_program, student_id)
### BEGIN HIDDEN TESTS
check.my_program(my_program, student_id, seed=106, rounds=3)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_question", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## The report
#
# From here on it is your own 400 samples, `X` and `labels`, and a person reads it. Write for a fellow student who has done
# assignments 1 to 8 and has not seen your samples. Every number in your text must come from a cell of this notebook.
# The order of the work matters more than the result:
#
# 1. cut the samples into three sets, with one seed that you name, and do not look at the test set again;
# 2. train with several settings, and measure each **on the validation set**, with several seeds;
# 3. choose by that table;
# 4. train with the choice, and measure **once** on the test set.
#
# A setting that was chosen on the test set has seen it, and its number means nothing.
#
# ## 7. Question and plan
#
# In four to eight sentences: what are your samples like (features, units, classes, how many of each), and what does that mean for
# a network? What do you expect to be difficult? Which number will you judge by, and why that one? How do you cut?

# %% [markdown] nbgrader={"grade": true, "grade_id": "question", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** ½ point: the samples described from the data: two features and their sizes, the classes and how many there are
# of each, which shape; and one consequence for the network that fits the set (spirals: a boundary that winds, so many
# hidden units; rings: standardise, since the units differ ten thousandfold; unequal classes: plain accuracy misleads,
# and few samples of the rare class make every number about it uncertain). ½ point: a measure with its reason, and a cut into three sets,
# shuffled, with sizes and the purpose of each.
#
# **A full answer** (for s0000). My 400 samples have two features of about the same size, both between $-3$ and $3$, and three
# classes: 300 samples of class 0, 80 of class 1 and 20 of class 2, in three clouds that touch. Straight lines would do
# for most of it, so that I need few hidden units. The difficulty is class 2: a network that never names it still has
# 95 % right. I therefore judge by the balanced accuracy, in which each class counts the same; one that always says 0
# gets a third. I shuffle with seed 0 and take 200 samples to train on, 100 to choose by and 100 for the test. Of class 2
# I expect about five in the test set, so a single sample there will move its share by a fifth, and I must say
# how uncertain the result is.

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_evidence_picture", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 8. Evidence
#
# Measure at least **six settings**, which differ in the learning rate, in the start and in the optimizer (one of them may be a
# different number of hidden units), with at least **five seeds** each, by `compare` on the validation set. Draw two pictures or more:
#
# - the comparison: for each setting the median and how far its scores spread, so that one sees whether the best one is better by
#   more than chance;
# - the boundary of the network that you chose, with the samples, its classes told apart without colour.
#
# Name all axes, and give every picture a title that says what is to be seen in it.

# %% nbgrader={"grade": true, "grade_id": "evidence_picture", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: the comparison: at least six settings that differ in rate, start and optimizer, at
#         least five seeds each, scores from the validation set alone (the test set is not touched, the
#         samples are standardised by the training set), medians with their spread.
#         1 point: the boundary of the chosen network over the samples; classes told apart by markers;
#         axes named, titles that say what is seen. Half points are possible.
rng = np.random.default_rng(0)
X_half, labels_train, X_other, labels_other = split(X, labels, 0.5, rng)
X_val_raw, labels_val, X_test_raw, labels_test = split(X_other, labels_other, 0.5, rng)
X_train, X_val, X_test = standardise(X_half, X_val_raw, X_test_raw)
classes = int(labels.max()) + 1


def trained(setting, seed):
    optimizer, rate, size = setting
    start = start_network(2, MY_HIDDEN, classes, np.random.default_rng(seed), size)
    choices = {"optimizer": optimizer, "learning_rate": rate, "steps": 150}
    return train_network(start, X_train, labels_train, choices)


def score(setting, seed):
    return balanced_accuracy(classify(trained(setting, seed)[0], X_val), labels_val)


settings = [
    ("descent", 0.01, 1.0),
    ("descent", 0.1, 1.0),
    ("descent", 1.0, 1.0),
    ("momentum", 0.1, 1.0),
    ("adam", 0.01, 1.0),
    ("adam", 0.1, 1.0),
    ("adam", 0.01, 0.01),
    ("adam", 0.01, 5.0),
]
seeds = range(7)
table, best = compare(settings, score, seeds)
for part, some in (("train", labels_train), ("validation", labels_val), ("test", labels_test)):
    print(f"{part}: samples of each class {np.bincount(some)}")
for setting, (median, spread) in zip(settings, table, strict=True):
    end, losses = trained(setting, 0)
    rare = np.sum(classify(end, X_train) == classes - 1)
    print(
        f"{setting!s:25} median {median:.3f}, spread {spread:.3f}; with seed 0: loss "
        f"{losses[0]:.3f} -> {losses[-1]:.3f}, names the last class for {rare} training samples"
    )
print("chosen:", settings[best])

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
for place, setting in enumerate(settings):
    runs = [score(setting, seed) for seed in seeds]
    left.plot(runs, [place] * len(runs), "o", color="grey", markersize=4)
    left.plot(table[place][0], place, "k|", markersize=18)
left.set_yticks(
    range(len(settings)), [f"{o}, {rate:g}, start {size:g}" for o, rate, size in settings]
)
left.set(xlabel="balanced accuracy, validation", title="Seven runs of each setting, and the median")
chosen = trained(settings[best], 0)[0]
x0, x1 = np.meshgrid(*[np.linspace(-3, 4, 200)] * 2)
named = classify(chosen, np.column_stack([x0.ravel(), x1.ravel()])).reshape(x0.shape)
right.contour(x0, x1, named, levels=[0.5, 1.5], colors="black", linewidths=1)
for label in range(classes):
    right.plot(
        *X_train[labels_train == label].T, "ox^"[label], markersize=4, label=f"class {label}"
    )
right.set(
    xlabel="x₀, standardised", ylabel="x₁, standardised", title="The chosen network's boundaries"
)
right.legend()
plt.show()
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_evidence", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Now say in six to twelve sentences what the table and the pictures show, and what you choose. What did rate, start and optimizer
# each do, with the numbers? Which differences are larger than the spread, and which are not? Why this
# choice, if several are as good?

# %% [markdown] nbgrader={"grade": true, "grade_id": "evidence", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: what each of the three did, rate, start and optimizer, with numbers from the table that was printed. 1 point: differences are
# held against the spread, and the choice follows from the validation table; where several settings cannot be told
# apart, that is said, and another reason is given (steadier, faster, simpler). No point for the choice if it was made by the
# test set, by one seed, or by the training loss. Half points are possible.
#
# **A full answer** (for s0000). The runs come in clumps, about a sixth apart, near $0.80$ and near $0.96$. The counts above the table
# say why: only 2 validation samples are of class 2, each is worth $\tfrac12 \cdot \tfrac13$, and most runs get
# one of them. The rate matters: with $0.01$ descent has not arrived after 150 steps, at a median of $0.633$. Beyond that, rate, start
# and optimizer hardly matter. Descent with the rate 1, momentum, and Adam with every start have medians
# from $0.796$ to $0.812$; these differ by less than one sample of class 2, and some by less than their own
# spread. A start five times as large begins with a loss of $3.766$ and ends no worse, but its runs spread by $0.171$. Descent with the
# rate $0.1$ has the largest median, $0.962$. Its spread is $0.167$, so the difference to the others is one
# spread: one sample of class 2. I choose it, because I said that the table decides, and because it is the simplest of them. But I
# do not expect it to keep its lead.

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_final_result", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 9. The result on the test set
#
# Once, now: train with your choice, and measure on the test set. Print the balanced accuracy, the share right in each
# class with the number of its samples, and **how far the result may be off**. A share $p$ of $n$ samples has the
# standard error $\sqrt{p(1-p)/n}$; the balanced accuracy of $C$ classes has $\frac1C \sqrt{\sum_c p_c (1-p_c)/n_c}$. Print also
# what guessing the largest class would get.

# %% nbgrader={"grade": true, "grade_id": "final_result", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
# Rubric. 1 point: measured on the test set with the setting that the table chose, standardised by the training
#         set's numbers; the balanced accuracy, the share in each class, and an uncertainty that fits (standard
#         error, or spread over resampled test sets). Half a point if the uncertainty is missing.
final = trained(settings[best], 0)[0]
answers = classify(final, X_test)
error = 0.0
for label in range(classes):
    of = labels_test == label
    p, n = np.mean(answers[of] == label), of.sum()
    error += p * (1 - p) / n
    print(f"class {label}: {p:.3f} ± {np.sqrt(p * (1 - p) / n):.3f} of {n} samples")
print(
    f"balanced accuracy {balanced_accuracy(answers, labels_test):.3f} ± {np.sqrt(error) / classes:.3f}"
)
print(f"all samples alike {np.mean(answers == labels_test):.3f}")
largest = np.bincount(labels_train).argmax()
print(f"always {largest}: {np.mean(labels_test == largest):.3f}, balanced {1 / classes:.3f}")
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_result", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Say in three to six sentences what that number means. Is it better than guessing, by how many standard errors? Does it agree with
# what the validation set promised, and if not, why not? For which class would you trust the network, and for which not?

# %% [markdown] nbgrader={"grade": true, "grade_id": "result", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** ½ point: the number with its uncertainty, against guessing and against the median on the validation set. ½ point: a reading that the
# numbers carry: the shares of the classes, how few samples the uncertain ones rest on; a lower test number is explained by chance or
# by the choice itself (the best of several medians is a little too good), and not explained away.
#
# **A full answer** (for s0000). The balanced accuracy on the test set is $0.833 \pm 0.069$. Guessing gets $0.333$, so that is seven
# standard errors better. The validation set had promised $0.962$, which is $0.129$ more, nearly two standard errors. I think that the
# choice itself is the reason: I took the largest of eight medians, and it was the largest by one sample. I trust the
# network for class 0 ($0.932 \pm 0.029$) and class 1 ($0.900 \pm 0.067$). For class 2 it got 4 of 6; $0.667 \pm 0.192$ says
# little more than that it is not guessing. The share of all samples, $0.910$, hides that.

# %% [markdown] nbgrader={"grade": false, "grade_id": "about_what_failed", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 10. What failed, and the limits
#
# In five to ten sentences: which setting, or which idea, did **not** work, and what was the cause? Show how you know: the
# loss, the gradients, the classes that it named. Then the limits: what does your result not say? What would you measure next, if you had a
# day more?

# %% [markdown] nbgrader={"grade": true, "grade_id": "what_failed", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Rubric.** 1 point: one failure that was really observed (a rate too small or too large, a start that saturates or does
# not move, units that are too few, a rare class that is never named, features that were not standardised), with its cause and evidence for the cause,
# not a guess. 1 point: limits that are true of this work (few samples of a class, one split, one width, a few seeds, the test set
# used once and now spent), and a next measurement that would answer one of them. Half points are possible. An honest
# failure is worth as much as a success.
#
# **A full answer** (for s0000). Descent with the rate $0.01$ failed, in a way that its loss does not show: that fell from $0.959$ to $0.474$,
# and still falls. But the network names class 2 for none of the 12 training samples that belong to it. Those are 6 %
# of the samples, and so of the gradient, and while the other two classes still pull, the outputs for class 2
# stay low. It is slow, not stuck: with ten times the rate the same start names class 2 for 8 samples, and with a hundred times for
# 12. The limits: there is one split, with 2 and 6 samples of class 2 in the two sets that
# measure; one width; and 150 steps for all, which favours the settings that are fast. I have looked at the test set once, and cannot use it
# again. Next I would repeat the whole with ten splits, cut so that each part gets its share of every class, and see whether the
# rate $0.1$ still leads.
