"""What makes a deployment run the migrations again."""

import copy

from tools import translated


def test_new_migrations_are_a_new_layer_a_new_version_and_so_a_new_run() -> None:
    source = translated.source()
    changed = copy.deepcopy(source)
    # Its content is a property like this one; its place is made up here, and always the same.
    changed["Resources"]["SharedLayer"]["Properties"]["Description"] = "another layer"
    runs = {
        translated.translate(each)["Resources"]["Migrations"]["Properties"]["Function"]["Ref"]
        for each in (source, changed)
    }
    assert len(runs) == 2
