"""The learners that traintui is compared with, each as its own documentation sets it up. One thread each."""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import numpy
from sklearn.compose import TransformedTargetRegressor, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler


def columns(frame):
    """The names of columns of text, and of numbers."""
    texts = [name for name in frame.columns if frame[name].dtype.kind not in "ifb"]
    return texts, [name for name in frame.columns if name not in texts]


def one_hot(frame):
    texts, numbers = columns(frame)
    return make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), texts),
        sparse_threshold=0,
    )


def linear(frame, has_classes, seed):
    model = LogisticRegression(max_iter=1000) if has_classes else RidgeCV(numpy.logspace(-2, 3, 11))
    return make_pipeline(one_hot(frame), model)


def network(frame, has_classes, seed):
    if has_classes:
        return make_pipeline(one_hot(frame), MLPClassifier(max_iter=500, random_state=seed))
    model = MLPRegressor(max_iter=500, random_state=seed)
    return make_pipeline(one_hot(frame), TransformedTargetRegressor(model, transformer=StandardScaler()))


def boosting(frame, has_classes, seed):
    texts, numbers = columns(frame)
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    transformer = make_column_transformer(("passthrough", numbers), (codes, texts))
    kind = HistGradientBoostingClassifier if has_classes else HistGradientBoostingRegressor
    return make_pipeline(transformer, kind(random_state=seed))


def realmlp(name):
    """RealMLP by pytabkit, with its defaults: "TD" or "TD_S"."""

    def make(frame, has_classes, seed):
        import pytabkit

        kind = getattr(pytabkit, f"RealMLP_{name}_{'Classifier' if has_classes else 'Regressor'}")
        return WithoutGaps(kind(device="cpu", random_state=seed, n_threads=1, verbosity=0))

    return make


class WithoutGaps:
    """RealMLP takes no gaps in numbers: the median of the training rows takes their place."""

    def __init__(self, model):
        self.model = model

    def filled(self, frame):
        texts, numbers = columns(frame)
        frame = frame.copy()
        frame[numbers] = frame[numbers].fillna(self.medians).astype("float32")
        return frame, texts

    def fit(self, frame, target):
        self.medians = frame[columns(frame)[1]].median()
        frame, texts = self.filled(frame)
        self.model.fit(frame, target, **({"cat_col_names": texts} if texts else {}))

    def predict(self, frame):
        return self.model.predict(self.filled(frame)[0])


QUICK = {"linear": linear, "sklearn MLP": network, "boosting": boosting}
SLOW = {"RealMLP-TD-S": realmlp("TD_S"), "RealMLP-TD": realmlp("TD")}
