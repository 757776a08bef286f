"""Weaknesses of the database and the proxy."""

from tests.template.plants import Template, plant


@plant("dev", "prod")
def the_database_is_public(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["PubliclyAccessible"] = True


@plant("dev", "prod")
def the_database_is_not_encrypted(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["StorageEncrypted"] = False


@plant()
def the_database_is_under_the_key_of_aws(template: Template) -> None:
    del template["Resources"]["Database"]["Properties"]["KmsKeyId"]


@plant()
def production_in_one_zone(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["MultiAZ"] = False


@plant("staging", "prod")
def a_database_that_anybody_deletes(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["DeletionProtection"] = False


@plant()
def a_deleted_database_is_gone(template: Template) -> None:
    template["Resources"]["Database"]["DeletionPolicy"] = "Delete"


@plant()
def backups_of_a_day(template: Template) -> None:
    template["Mappings"]["Stages"]["prod"]["BackupDays"] = 1


@plant("dev", "prod")
def a_master_password(template: Template) -> None:
    database = template["Resources"]["Database"]["Properties"]
    database.update({"ManageMasterUserPassword": True, "MasterUserAuthenticationType": "password"})


@plant()
def connections_without_tls(template: Template) -> None:
    template["Resources"]["DatabaseParameters"]["Properties"]["Parameters"]["rds.force_ssl"] = "0"


@plant("dev", "prod")
def a_proxy_without_tls(template: Template) -> None:
    template["Resources"]["DatabaseProxy"]["Properties"]["RequireTLS"] = False


@plant()
def a_proxy_that_holds_a_password(template: Template) -> None:
    secret = {"AuthScheme": "SECRETS", "IAMAuth": "DISABLED", "SecretArn": {"Ref": "StageKey"}}
    template["Resources"]["DatabaseProxy"]["Properties"]["Auth"] = [secret]


@plant("dev", "prod")
def a_proxy_that_makes_wait_for_two_minutes(template: Template) -> None:
    pool = template["Resources"]["DatabaseProxyTargets"]["Properties"]["ConnectionPoolConfigurationInfo"]
    pool["ConnectionBorrowTimeout"] = 120


@plant()
def a_proxy_that_hangs_up_first(template: Template) -> None:
    template["Resources"]["DatabaseProxy"]["Properties"]["IdleClientTimeout"] = 60


@plant()
def a_proxy_that_pins_by_its_first_statement(template: Template) -> None:
    pool = template["Resources"]["DatabaseProxyTargets"]["Properties"]["ConnectionPoolConfigurationInfo"]
    pool["InitQuery"] = "SET statement_timeout = 2000"


@plant()
def a_proxy_that_signs_in_as_anybody(template: Template) -> None:
    (policy,) = template["Resources"]["DatabaseProxyRole"]["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"][0]["Resource"] = "*"


@plant()
def a_log_of_failed_statements(template: Template) -> None:
    template["Resources"]["DatabaseParameters"]["Properties"]["Parameters"]["log_min_error_statement"] = "error"


@plant()
def a_log_without_slow_statements(template: Template) -> None:
    template["Resources"]["DatabaseParameters"]["Properties"]["Parameters"]["log_min_duration_statement"] = "-1"


@plant()
def a_log_of_the_database_that_is_kept_for_a_year(template: Template) -> None:
    template["Mappings"]["Stages"]["prod"]["DatabaseLogDays"] = 365


@plant()
def a_database_that_nobody_looks_into(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["MonitoringInterval"] = 0


@plant()
def a_database_that_stays_as_small_and_old_as_it_is(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["AutoMinorVersionUpgrade"] = False


@plant()
def a_master_user_of_another_name(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["MasterUsername"] = "postgres"


@plant()
def parameters_of_the_version_before(template: Template) -> None:
    template["Resources"]["DatabaseParameters"]["Properties"]["Family"] = "postgres16"


@plant("dev")
def a_large_database_for_developers(template: Template) -> None:
    template["Mappings"]["Stages"]["dev"]["DatabaseClass"] = "db.m7g.large"


@plant()
def a_proxy_that_logs_statements(template: Template) -> None:
    template["Resources"]["DatabaseProxy"]["Properties"]["DebugLogging"] = True
