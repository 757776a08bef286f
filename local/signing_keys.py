"""`make keys`: new keys for a deployment, as the parameters of the template."""

from roster.infrastructure import derived_keys, keys, sealing


def main() -> None:
    pair = keys.generate()
    print("Give these to `sam deploy --parameter-overrides`, and all but PublicKeys to nobody else.\n")
    print(f"SigningKey='{pair.private}'\n")
    print(f"PublicKeys='{pair.public}'\n")
    print(f"SecondFactorKeys='{sealing.generate()}'\n")
    print(f"ApiSecret='{derived_keys.generate()}'")


if __name__ == "__main__":
    main()
