"""`make keys`: a new pair of keys for a deployment, as the parameters of the template."""

from roster.infrastructure import keys


def main() -> None:
    pair = keys.generate()
    print("Give these to `sam deploy --parameter-overrides`, and the first one to nobody else.\n")
    print(f"SigningKey='{pair.private}'\n")
    print(f"PublicKeys='{pair.public}'")


if __name__ == "__main__":
    main()
