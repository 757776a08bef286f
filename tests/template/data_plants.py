"""Weaknesses of the database, the proxy, the cache and the key."""

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


@plant("staging", "prod")
def a_cache_without_failover(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["AutomaticFailoverEnabled"] = False


@plant("dev", "prod")
def a_cache_without_tls(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["TransitEncryptionEnabled"] = False


@plant()
def a_cache_that_is_not_encrypted(template: Template) -> None:
    template["Resources"]["Cache"]["Properties"]["AtRestEncryptionEnabled"] = False


@plant("dev", "prod")
def a_cache_user_who_may_do_anything(template: Template) -> None:
    template["Resources"]["CacheUser"]["Properties"]["AccessString"] = "on ~* +@all"


@plant()
def a_cache_user_without_a_password(template: Template) -> None:
    template["Resources"]["CacheUser"]["Properties"]["AuthenticationMode"] = {"Type": "no-password-required"}


@plant()
def a_cache_that_refuses_writes_when_it_is_full(template: Template) -> None:
    template["Resources"]["CacheParameters"]["Properties"]["Properties"]["maxmemory-policy"] = "noeviction"


@plant()
def a_key_that_stays_the_same(template: Template) -> None:
    template["Resources"]["StageKey"]["Properties"]["EnableKeyRotation"] = False


@plant()
def a_key_that_goes_with_the_stack(template: Template) -> None:
    template["Resources"]["StageKey"]["DeletionPolicy"] = "Delete"


@plant("dev", "prod")
def a_key_for_services_that_act_for_anybody(template: Template) -> None:
    for statement in template["Resources"]["StageKey"]["Properties"]["KeyPolicy"]["Statement"]:
        statement.pop("Condition", None)
