"""What TensorBoard's own reader finds in a folder of event files, as JSON:
{"scalars": {tag: [[step, value], ...]}, "images": {tag: [step, ...]}}.

    python read_tensorboard.py FOLDER

tests/cli/export_curves_test.cpp holds the files of `ganymede export --tensorboard` and of train.tensorboard to it, where
TensorBoard is installed.
"""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

log = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "images": 0, "tensors": 0})
log.Reload()
tags = log.Tags()
print(
    json.dumps(
        {
            "scalars": {tag: [[e.step, e.value] for e in log.Scalars(tag)] for tag in tags["scalars"]},
            "images": {tag: [e.step for e in log.Images(tag)] for tag in tags["images"]},
        }
    )
)
