"""Rules about PostgreSQL, and about RDS Proxy before it."""

from tests.structure import project
from tests.template.deployed import Deployed
from tests.template.rules import rule

_KIND = "AWS::RDS::DBInstance"
USERS = ("roster_reader", "roster_writer", "roster_migrator")
# psycopg2 writes values into statements, so a statement is as secret as its values are.
TELLS_NO_VALUES = {
    "log_statement": "none",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@rule()
def the_database_is_private_and_under_the_key(deployed: Deployed) -> None:
    database = deployed.the(_KIND)
    assert database["PubliclyAccessible"] is False
    assert database["StorageEncrypted"] is True
    assert database["KmsKeyId"] == "StageKey.Arn"
    assert deployed.resource(database["DBSubnetGroupName"])["SubnetIds"] == ["SubnetA", "SubnetB"]


@rule()
def nobody_has_a_password_of_the_database(deployed: Deployed) -> None:
    database, proxy = deployed.the(_KIND), deployed.the("AWS::RDS::DBProxy")
    assert database["EnableIAMDatabaseAuthentication"] is True
    assert database["MasterUserAuthenticationType"] == "iam-db-auth"
    assert not {"MasterUserPassword", "ManageMasterUserPassword"} & database.properties.keys()
    assert proxy["DefaultAuthScheme"] == "IAM_AUTH"
    assert not proxy.get("Auth"), "a secret of a database user"


@rule()
def the_master_user_is_the_one_of_the_migrations(deployed: Deployed) -> None:
    assert deployed.the(_KIND)["MasterUsername"] == "roster_migrator"
    assert deployed.the(_KIND)["DBName"] == "roster"


@rule()
def every_connection_to_the_database_is_over_tls(deployed: Deployed) -> None:
    assert parameters_of(deployed)["rds.force_ssl"] == "1"
    assert deployed.the("AWS::RDS::DBProxy")["RequireTLS"] is True
    assert deployed.the(_KIND)["CACertificateIdentifier"].startswith("rds-ca-")


@rule()
def the_parameters_are_of_the_databases_version(deployed: Deployed) -> None:
    major = str(deployed.the(_KIND)["EngineVersion"]).split(".")[0]
    assert int(major) >= 17
    assert deployed.resource(deployed.the(_KIND)["DBParameterGroupName"])["Family"] == f"postgres{major}"


@rule()
def slow_statements_and_lock_waits_are_logged(deployed: Deployed) -> None:
    parameters = parameters_of(deployed)
    assert 100 <= int(parameters["log_min_duration_statement"]) <= 1000
    assert parameters["log_lock_waits"] == "1"


@rule()
def failed_statements_leave_no_values_in_the_log(deployed: Deployed) -> None:
    assert TELLS_NO_VALUES.items() <= parameters_of(deployed).items()


@rule()
def what_the_database_logs_is_encrypted_and_forgotten(deployed: Deployed) -> None:
    database = deployed.the(_KIND)
    groups = {each["LogGroupName"]: each for each in deployed.of_type("AWS::Logs::LogGroup")}
    assert {"postgresql", "iam-db-auth-error"} <= set(database["EnableCloudwatchLogsExports"])
    for log in database["EnableCloudwatchLogsExports"]:
        group = groups[f"/aws/rds/instance/{database['DBInstanceIdentifier']}/{log}"]
        assert group["KmsKeyId"] == "StageKey.Arn", log
        assert 0 < group["RetentionInDays"] <= (14 if log == "postgresql" else 365), log
        assert group.name in database.given["DependsOn"], f"{log} would come without its key"
    assert groups[f"/aws/rds/proxy/{deployed.the('AWS::RDS::DBProxy')['DBProxyName']}"]["KmsKeyId"] == "StageKey.Arn"


@rule()
def a_deleted_database_leaves_a_snapshot(deployed: Deployed) -> None:
    given = deployed.the(_KIND).given
    assert (given["DeletionPolicy"], given["UpdateReplacePolicy"]) == ("Snapshot", "Snapshot")
    assert deployed.the(_KIND)["CopyTagsToSnapshot"] is True
    assert deployed.the(_KIND)["BackupRetentionPeriod"] >= 1


@rule("staging", "prod")
def nobody_deletes_the_database_by_mistake(deployed: Deployed) -> None:
    assert deployed.the(_KIND)["DeletionProtection"] is True
    assert deployed.the(_KIND)["DeleteAutomatedBackups"] is False
    assert deployed.the(_KIND)["BackupRetentionPeriod"] >= 7


@rule("prod")
def production_has_a_standby_and_backups_of_five_weeks(deployed: Deployed) -> None:
    assert deployed.the(_KIND)["MultiAZ"] is True
    assert deployed.the(_KIND)["BackupRetentionPeriod"] == 35


@rule("staging", "prod")
def the_database_is_watched_closely(deployed: Deployed) -> None:
    database = deployed.the(_KIND)
    assert database["EnablePerformanceInsights"] is True
    assert database["PerformanceInsightsKMSKeyId"] == "StageKey.Arn"
    assert 0 < database["MonitoringInterval"] <= 60
    assert database["MonitoringRoleArn"] == "DatabaseMonitoringRole.Arn"


@rule("dev")
def dev_has_the_smallest_database_in_one_zone(deployed: Deployed) -> None:
    database = deployed.the(_KIND)
    assert database["DBInstanceClass"] == "db.t4g.micro"
    assert (database["MultiAZ"], database["MonitoringInterval"]) == (False, 0)
    assert database["EnablePerformanceInsights"] is False


@rule()
def the_database_grows_and_takes_minor_upgrades(deployed: Deployed) -> None:
    database = deployed.the(_KIND)
    assert int(database["AllocatedStorage"]) < database["MaxAllocatedStorage"]
    assert database["AutoMinorVersionUpgrade"] is True


@rule()
def the_users_are_those_that_the_migrations_make(deployed: Deployed) -> None:
    files = (project.LAYER / "roster" / "infrastructure" / "migration_files").glob("*.sql")
    made = "".join(each.read_text("utf-8") for each in files)
    assert [user for user in USERS[:2] if user not in made] == []
    assert deployed.the(_KIND)["MasterUsername"] in USERS


def parameters_of(deployed: Deployed) -> dict[str, str]:
    group = deployed.resource(deployed.the(_KIND)["DBParameterGroupName"])
    return {str(name): str(value) for name, value in group["Parameters"].items()}
