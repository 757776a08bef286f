"""Weaknesses of the database and the proxy."""

from tests.template.plants import Template, plant


@plant("dev", "prod", breaks="the_database_is_private_and_under_the_key")
def the_database_is_public(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["PubliclyAccessible"] = True


@plant("dev", "prod", breaks="the_database_is_private_and_under_the_key")
def the_database_is_not_encrypted(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["StorageEncrypted"] = False


@plant(breaks="the_database_is_private_and_under_the_key")
def the_database_is_under_the_key_of_aws(template: Template) -> None:
    del template["Resources"]["Database"]["Properties"]["KmsKeyId"]


@plant(breaks="production_has_a_standby_and_backups_of_five_weeks")
def production_in_one_zone(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["MultiAZ"] = False


@plant("staging", "prod", breaks="nobody_deletes_the_database_by_mistake")
def a_database_that_anybody_deletes(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["DeletionProtection"] = False


@plant(breaks="a_deleted_database_leaves_a_snapshot")
def a_deleted_database_is_gone(template: Template) -> None:
    template["Resources"]["Database"]["DeletionPolicy"] = "Delete"


@plant(breaks="nobody_deletes_the_database_by_mistake")
def backups_of_a_day(template: Template) -> None:
    template["Mappings"]["Stages"]["prod"]["BackupDays"] = 1


@plant("dev", "prod", breaks="nobody_has_a_password_of_the_database")
def a_master_password(template: Template) -> None:
    database = template["Resources"]["Database"]["Properties"]
    database.update({"ManageMasterUserPassword": True, "MasterUserAuthenticationType": "password"})


@plant(breaks="every_connection_to_the_database_is_over_tls")
def connections_without_tls(template: Template) -> None:
    template["Resources"]["DatabaseParameters"]["Properties"]["Parameters"]["rds.force_ssl"] = "0"


@plant("dev", "prod", breaks="every_connection_to_the_database_is_over_tls")
def a_proxy_without_tls(template: Template) -> None:
    template["Resources"]["DatabaseProxy"]["Properties"]["RequireTLS"] = False


@plant(breaks="nobody_has_a_password_of_the_database")
def a_proxy_that_holds_a_password(template: Template) -> None:
    secret = {"AuthScheme": "SECRETS", "IAMAuth": "DISABLED", "SecretArn": {"Ref": "StageKey"}}
    template["Resources"]["DatabaseProxy"]["Properties"]["Auth"] = [secret]


@plant("dev", "prod", breaks="a_connection_is_borrowed_within_three_seconds_or_not")
def a_proxy_that_makes_wait_for_two_minutes(template: Template) -> None:
    pool = template["Resources"]["DatabaseProxyTargets"]["Properties"]["ConnectionPoolConfigurationInfo"]
    pool["ConnectionBorrowTimeout"] = 120


@plant(breaks="the_proxy_leaves_it_to_the_client_to_give_up_an_idle_connection")
def a_proxy_that_hangs_up_first(template: Template) -> None:
    template["Resources"]["DatabaseProxy"]["Properties"]["IdleClientTimeout"] = 60


@plant(breaks="a_connection_is_borrowed_within_three_seconds_or_not")
def a_proxy_that_pins_by_its_first_statement(template: Template) -> None:
    pool = template["Resources"]["DatabaseProxyTargets"]["Properties"]["ConnectionPoolConfigurationInfo"]
    pool["InitQuery"] = "SET statement_timeout = 2000"


@plant(breaks="the_proxy_may_sign_in_as_our_three_users_and_nobody_else")
def a_proxy_that_signs_in_as_anybody(template: Template) -> None:
    (policy,) = template["Resources"]["DatabaseProxyRole"]["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"][0]["Resource"] = "*"


@plant(breaks="failed_statements_leave_no_values_in_the_log")
def a_log_of_failed_statements(template: Template) -> None:
    template["Resources"]["DatabaseParameters"]["Properties"]["Parameters"]["log_min_error_statement"] = "error"


@plant(breaks="slow_statements_and_lock_waits_are_logged")
def a_log_without_slow_statements(template: Template) -> None:
    template["Resources"]["DatabaseParameters"]["Properties"]["Parameters"]["log_min_duration_statement"] = "-1"


@plant(breaks="what_the_database_logs_is_encrypted_and_forgotten")
def a_log_of_the_database_that_is_kept_for_a_year(template: Template) -> None:
    template["Mappings"]["Stages"]["prod"]["DatabaseLogDays"] = 365


@plant(breaks="the_database_is_watched_closely")
def a_database_that_nobody_looks_into(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["MonitoringInterval"] = 0


@plant(breaks="the_database_grows_and_takes_minor_upgrades")
def a_database_that_stays_as_small_and_old_as_it_is(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["AutoMinorVersionUpgrade"] = False


@plant(breaks="the_master_user_is_the_one_of_the_migrations")
def a_master_user_of_another_name(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["MasterUsername"] = "postgres"


@plant(breaks="the_parameters_are_of_the_databases_version")
def parameters_of_the_version_before(template: Template) -> None:
    template["Resources"]["DatabaseParameters"]["Properties"]["Family"] = "postgres16"


@plant("dev", breaks="dev_has_the_smallest_database_in_one_zone")
def a_large_database_for_developers(template: Template) -> None:
    template["Mappings"]["Stages"]["dev"]["DatabaseClass"] = "db.m7g.large"


@plant(breaks="the_proxy_says_no_statements_in_its_log")
def a_proxy_that_logs_statements(template: Template) -> None:
    template["Resources"]["DatabaseProxy"]["Properties"]["DebugLogging"] = True


@plant(breaks="the_users_are_those_that_the_migrations_make")
def a_master_user_whom_no_migration_knows(template: Template) -> None:
    template["Resources"]["Database"]["Properties"]["MasterUsername"] = "roster_owner"
