// All kernels, compiled for the target in force, as the table of the name LEVEL_TABLE.

#include "vector.h"
#include "part.h"

#include "functions.h"
#include "doubles.h"
#include "product.h"
#include "matrix.h"
#include "activations.h"
#include "losses.h"
#include "parameters.h"
#include "batch.h"
#include "text.h"
#include "ceiling.h"

const ck_kernels LEVEL_TABLE = {
    .level = LEVEL_NAME,
    .multiply = multiply,
    .column_sums = column_sums,
    .narrow_forward = narrow_forward,
    .narrow_backward = narrow_backward,
    .narrow_backward_input = narrow_backward_input,
    .relu = relu,
    .relu_backward = relu_backward,
    .leaky_relu = leaky_relu,
    .leaky_relu_backward = leaky_relu_backward,
    .elu = elu,
    .elu_backward = elu_backward,
    .gelu = gelu,
    .gelu_backward = gelu_backward,
    .silu = silu,
    .silu_backward = silu_backward,
    .mish = mish,
    .mish_backward = mish_backward,
    .softplus = softplus,
    .softplus_backward = softplus_backward,
    .tanh = tanh_all,
    .tanh_backward = tanh_backward,
    .sigmoid = sigmoid_all,
    .sigmoid_backward = sigmoid_backward,
    .softmax = softmax,
    .softmax_backward = softmax_backward,
    .squared_error = squared_error,
    .absolute_error = absolute_error,
    .huber = huber,
    .log_cosh = log_cosh,
    .binary_crossentropy = binary_crossentropy,
    .binary_crossentropy_logits = binary_crossentropy_logits,
    .categorical_crossentropy_logits = categorical_crossentropy_logits,
    .log_clipped = log_clipped,
    .penalty = penalty,
    .sum_of_squares = sum_of_squares,
    .scale = scale_all,
    .decay = decay,
    .clip = clip,
    .clip_negative = clip_negative,
    .all_within = all_within,
    .sgd = sgd,
    .sgd_momentum = sgd_momentum,
    .rmsprop = rmsprop,
    .adagrad = adagrad,
    .adam = adam,
    .nadam = nadam,
    .draw_rows = draw_rows,
    .gather = gather,
    .dropout = dropout,
    .exp_doubles = exp_doubles,
    .survey_text = survey_text,
    .read_numbers = read_numbers,
    .exp = exp_all,
    .expm1 = expm1_all,
    .log = log_all,
    .log1p = log1p_all,
    .erf = erf_all,
    .multiply_adds = multiply_add_all,
};
