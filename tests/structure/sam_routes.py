"""Print the routes of `sam local start-api` as JSON; a process of its own, as SAM changes PyYAML for all."""

import json
import logging
import sys

from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider


def main(template: str) -> None:
    logging.getLogger("samcli").setLevel(logging.ERROR)
    stacks, _ = SamLocalStackProvider.get_stacks(template)
    served = {
        f"{method} {route.path}": (route.function_name, getattr(route.authorizer_object, "lambda_name", None))
        for route in ApiProvider(stacks).routes
        for method in route.methods
    }
    json.dump(served, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
