"""What each measure is called, what it says, and when it has no value.

The window and the report take their words from here, so that both say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """A measure in words.

    Attributes
    ----------
    key : str
        Its name in JSON.
    title : str
        Its name on screen.
    meaning : str
        One sentence in plain words.
    undefined : str
        Why it has no value, where it has none.
    percent : bool
        Shown as a percentage, otherwise as a figure with three decimals.
    """

    key: str
    title: str
    meaning: str
    undefined: str
    percent: bool = True


_NO_IMAGES: Final = "there are no images"
_ONE_CLASS: Final = "needs both normal and pneumonia among the images"
_NO_PNEUMONIA: Final = "there is no pneumonia among the images"

BINARY: Final = (
    Kind("accuracy", "Accuracy", "Share of images called rightly.", _NO_IMAGES),
    Kind("balanced_accuracy", "Balanced accuracy", "Mean of sensitivity and specificity.", _ONE_CLASS),
    Kind("sensitivity", "Sensitivity", "Share of pneumonias that are called pneumonia.", _NO_PNEUMONIA),
    Kind(
        "specificity",
        "Specificity",
        "Share of normal images that are called normal.",
        "there is no normal image among the images",
    ),
    Kind(
        "precision",
        "Precision",
        "Share of pneumonia calls that are right; changes with how common pneumonia is.",
        "no image is called pneumonia",
    ),
    Kind("recall", "Recall", "Another name for sensitivity.", _NO_PNEUMONIA),
    Kind("f1", "F1", "Harmonic mean of precision and recall.", "no image is, or is called, pneumonia"),
    Kind(
        "auroc",
        "AUROC",
        "Chance that a pneumonia scores higher than a normal image, whatever the threshold.",
        _ONE_CLASS,
        percent=False,
    ),
    Kind(
        "average_precision",
        "Average precision",
        "Area under the precision-recall curve; a guess gets the share of pneumonias.",
        _NO_PNEUMONIA,
        percent=False,
    ),
    Kind(
        "log_loss",
        "Log loss",
        "Price of scores as probabilities in nats; 0 is perfect, always saying 50\N{NO-BREAK SPACE}% costs 0.693.",
        _NO_IMAGES,
        percent=False,
    ),
    Kind(
        "brier",
        "Brier score",
        "Mean squared distance between score and truth; 0 is perfect, always saying 50\N{NO-BREAK SPACE}% costs 0.25.",
        _NO_IMAGES,
        percent=False,
    ),
    Kind(
        "ece",
        "Calibration error (ECE)",
        "Mean gap between score and observed share of pneumonia over 15 bins of equally many images.",
        _NO_IMAGES,
        percent=False,
    ),
)

SUBTYPES: Final = (
    Kind(
        "sensitivity_bacterial",
        "Sensitivity, bacterial",
        "Share of bacterial pneumonias that are called pneumonia.",
        "there is no bacterial pneumonia among the images",
    ),
    Kind(
        "sensitivity_viral",
        "Sensitivity, viral",
        "Share of viral pneumonias that are called pneumonia.",
        "there is no viral pneumonia among the images",
    ),
)

THREE_CLASSES: Final = (
    Kind(
        "three_class_accuracy",
        "Three-class accuracy",
        "Share of images whose most probable class (normal, bacterial, viral) is the true one.",
        "no image has a known class",
    ),
    Kind(
        "three_class_mcc",
        "Three-class MCC",
        "Correlation between true and called class; 1 is perfect, 0 is chance.",
        "all images share one class, or all calls do",
        percent=False,
    ),
    Kind(
        "bacterial_viral_accuracy",
        "Bacterial or viral, accuracy",
        "Among pneumonias: share for which the more probable of the two kinds is the true one.",
        "no pneumonia has a known kind",
    ),
    Kind(
        "bacterial_viral_auroc",
        "Bacterial or viral, AUROC",
        "Among pneumonias: chance that a bacterial one ranks as more bacterial than a viral one.",
        "needs both bacterial and viral pneumonia among the images",
        percent=False,
    ),
)

_COVERAGE_MEANING: Final = (
    "Share of images that are {0} whose prediction set holds {0}; "
    "90\N{NO-BREAK SPACE}% is promised for each class."
)

SETS: Final = (
    *(
        Kind(
            f"set_coverage_{name}",
            f"Sets that hold the truth, {name}",
            _COVERAGE_MEANING.format(name),
            f"there is no {name} among the images",
        )
        for name in ("normal", "pneumonia", "bacterial", "viral")
    ),
    Kind(
        "set_size", "Size of the sets", "Classes in a prediction set, on average.", _NO_IMAGES, percent=False
    ),
    Kind(
        "set_open",
        "Sets that leave it open",
        "Share of prediction sets with both normal and a pneumonia in them, or with nothing.",
        _NO_IMAGES,
    ),
)

ABSTENTION: Final = (
    Kind(
        "error_at_80",
        "Wrong calls at 80\N{NO-BREAK SPACE}% coverage",
        "Share of wrong calls when the fifth of the images with scores closest to the threshold is not answered.",
        _NO_IMAGES,
    ),
    Kind(
        "three_class_error_at_80",
        "Wrong classes at 80\N{NO-BREAK SPACE}% coverage",
        "Share of wrong classes when the fifth of the images whose most probable class is least probable is not "
        "answered.",
        "no image has a known class",
    ),
)

KINDS: Final = {kind.key: kind for kind in (*BINARY, *SUBTYPES, *THREE_CLASSES, *SETS, *ABSTENTION)}
