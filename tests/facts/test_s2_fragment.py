"""Facts F2.*: vanishing and exploding gradients, of source S2."""

import numpy as np
import pytest

from nnlib.activations import activation_named, bipolar_logistic, logistic, tanh
from nnlib.network import Network, deep_network, layer_gradient_norms, loss_and_gradients, predict
from nnlib.optimizers import clip_by_norm

close = np.testing.assert_allclose

# fmt: off
SLOPES = {
    "logistic": [0.25, 0.19661193324148185, 0.10499358540350662, 0.045176659730912,
              0.006648056670790033, 4.5395807735907655e-05],
    "tanh": [1, 0.41997434161402614, 0.07065082485316443, 0.009866037165440211,
              0.0001815832309438603, 8.244614546626394e-09],
    "bipolar logistic": [0.5, 0.3932238664829637, 0.20998717080701323, 0.09035331946182401,
              0.01329611334158004, 9.079161547181913e-05],
}
# fmt: on


@pytest.mark.parametrize(("name", "slopes"), SLOPES.items(), ids=SLOPES)
def test_f2_1_slopes_shrink_on_both_sides_of_zero(name, slopes):
    z = np.array([0, 1, 2, 3, 5, 10])
    # 1 − y² of a y that is rounded to 16 digits is right to 1e-16, and tanh'(10) is 8e-9: there
    # the stated 1e-9 is beyond this formula, and beyond the stated value (4/(e¹⁰+e⁻¹⁰)² shows it).
    tolerance = {"rtol": 1e-9, "atol": 2.3e-16}
    close(activation_named(name).slope(z), slopes, **tolerance)
    close(activation_named(name).slope(-z), slopes, **tolerance)


@pytest.mark.parametrize(
    ("n", "product"), [(5, 0.0009765625), (10, 9.5367431640625e-07), (20, 9.094947017729282e-13)]
)
def test_f2_2_product_of_the_largest_slopes(n, product):
    assert logistic.slope(0) ** n == product


# fmt: off
CHAINS = {
    ("logistic", 1): (0.19661193324148185, 0.0004861426435890659,
              2.7847671758175863e-07, 9.13910433958162e-14),
    ("logistic", 4): (0.07065082485316443, 2.359646513672899e-06,
              6.03566918569786e-12, 3.948958410636354e-23),
    ("tanh", 1): (0.41997434161402614, 0.09609569090490894,
                  0.04091204196912885, 0.01610981730842291),
    ("identity", 1.5): (1.5, 7.59375, 57.6650390625, 3325.256730079651),
    ("relu", 1.5): (1.5, 7.59375, 57.6650390625, 3325.256730079651),
}
# fmt: on


@pytest.mark.parametrize(("chain", "slopes"), CHAINS.items(), ids=map(str, CHAINS))
@pytest.mark.parametrize("place", range(4), ids=["1", "5", "10", "20"])
def test_f2_3_slope_of_a_chain_of_single_units(chain, slopes, place):
    name, w = chain
    length = (1, 5, 10, 20)[place]
    net = Network([[[w]]] * length, None, name)
    # With the target one below the output, dL/d(output) = 1; then delta·w is d(output)/d(input).
    _, gradients = loss_and_gradients(net, [1.0], predict(net, [1.0]) - 1)
    close(gradients.deltas[0][0] * w, slopes[place], rtol=1e-9)


# --- deep nets ----------------------------------------------------------------------------------

N = 64
# fmt: off
DEEP = {
    "F2.10": ("sigmoid", N**-0.5, 3.797184067692783e-08, 0.05742922060737663, 6.611937e-07,
              0.205764, 1.571889221044423e-14, 0.056290170296552075),
    "F2.11": ("sigmoid", 1, 0.0021766773090507677, 0.017301539127618847, 1.258083e-01,
              0.794269, 0.0010322354988249569, 0.020916751104888033),
    "F2.12": ("tanh", N**-0.5, 0.02245100825859067, 0.022680561207835515, 9.898789e-01,
              0.998870, 0.012791186168338407, 0.010661537667600519),
    "F2.13": ("tanh", 0.5 * N**-0.5, 0.00011107582429758348, 0.00010514143154619693, 1.056442e00,
              1.006119, 9.375821084739665e-08, 8.1595869719495e-08),
    "F2.14": ("tanh", 1, 21.18827514257098, 0.019286600235600825, 1.098601e03,
              2.177064, 29413.58891052055, 0.018882423215053804),
    "F2.15": ("tanh", 3 * N**-0.5, 0.47758853202575247, 0.029289905055408856, 1.630557e01,
              1.363653, 11.256552362436414, 0.02925118147732566),
    "F2.16": ("relu", (2 / N) ** 0.5, 0.12905591274976497, 0.12370941920269803, 1.043218e00,
              1.004712, 0.4173900195166706, 0.2559812741849376),
    "F2.17": ("relu", N**-0.5, 0.0020751543153157896, 0.000983686437846365, 2.109569e00,
              1.086479, 8.286565215767214e-05, 2.752300655629963e-05),
    "F2.18": ("relu", 2 * (2 / N) ** 0.5, 59611.775431954185, 62916.0206112946, 9.474817e-01,
              0.994024, 225129785431.19907, 138103988091.10248),
    "F2.19": ("relu", 0.01, 2.7448148414291506e-13, 1.2703663800960986e-13, 2.160648e00,
              1.089371, 1.193769937791517e-25, 3.963178777954227e-26),
    "F2.20": ("linear", 1.5 * N**-0.5, 1145.62333536452, 954.9033352533941, 1.199727e00,
              1.020439, 3162721.7627999056, 2584058.8004661687),
}
# fmt: on


def norms(activation, scale, depth, seed=0):
    """Mean absolute gradient of each layer: width 64, batch 128, no biases."""
    rng = np.random.default_rng(seed)
    X, T = rng.standard_normal((128, N)), rng.standard_normal((128, N))
    net = deep_network(
        [N] * (depth + 1),
        rng,
        activation=activation,
        initialise=lambda n_in, n_out, rng: scale * rng.standard_normal((n_in, n_out)),
        biases=False,
    )
    return layer_gradient_norms(loss_and_gradients(net, X, T)[1])


@pytest.mark.parametrize("known", DEEP.values(), ids=DEEP)
def test_f2_10_to_f2_20_gradients_through_deep_nets(known):
    name, scale, first10, last10, ratio, factor, first20, last20 = known
    ten, twenty = norms(name, scale, 10), norms(name, scale, 20)
    close([ten[0], ten[-1]], [first10, last10], rtol=1e-6)
    close(ten[0] / ten[-1], ratio, rtol=1e-6)
    close((ten[0] / ten[-1]) ** (1 / 9), factor, rtol=3e-6)  # printed to six digits
    rounding = 1e-5 if (name, scale) == ("tanh", 1) else 1e-6
    close([twenty[0], twenty[-1]], [first20, last20], rtol=rounding)


def test_f2_10_all_layers_of_the_sigmoid_net():
    known = [3.797184e-08, 5.31386e-07, 2.475442e-06, 1.117876e-05, 4.295777e-05, 1.524333e-04]
    known += [6.130113e-04, 2.560305e-03, 1.173684e-02, 5.742922e-02]
    close(norms("sigmoid", N**-0.5, 10), known, rtol=1e-6)


OTHER_SEEDS = {
    ("sigmoid", N**-0.5): ((5.662e-07, 5.915e-07, 5.964e-07), 1e-3),
    ("tanh", N**-0.5): ((1.018, 0.909, 1.037), 1e-3),
    ("relu", (2 / N) ** 0.5): ((0.690, 0.760, 0.702), 1e-3),
}


@pytest.mark.parametrize(("case", "known"), OTHER_SEEDS.items(), ids=map(str, OTHER_SEEDS))
def test_other_seeds_tell_the_same_story(case, known):
    ratios, rounding = known
    found = [norms(*case, 10, seed) for seed in (1, 2, 3)]
    close([n[0] / n[-1] for n in found], ratios, rtol=rounding)


@pytest.mark.parametrize("fact", ["F2.16", "F2.17", "F2.18", "F2.19", "F2.20"])
def test_f2_30_the_layers_of_piecewise_linear_nets_grow_and_shrink_together(fact):
    name, scale, *_ = DEEP[fact]
    layers = norms(name, scale, 10)
    assert layers.max() / layers.min() < 4


def test_f2_31_clipping():
    (clipped,) = clip_by_norm([[3.0, 4.0]], 1.0)
    close(clipped, [0.6, 0.8], rtol=1e-12)
    # torch divides by the norm plus 1e-6.
    close(np.array([3.0, 4.0]) / (5 + 1e-6), [0.599999880000024, 0.799999840000032], rtol=1e-12)


def test_slopes_agree_with_each_other():
    z = np.linspace(-5, 5, 21)
    close(tanh.slope(z), 2 * bipolar_logistic.slope(2 * z), rtol=1e-11)
    close(tanh.slope(z), 4 * logistic.slope(2 * z), rtol=1e-11)
