"""Weaknesses of migrations."""

from tests.template.plants import Template, plant


@plant(breaks="no_function_is_deployed_before_the_schema_that_it_expects")
def a_function_that_waits_for_no_migration(template: Template) -> None:
    del template["Resources"]["CreateOrderFunction"]["DependsOn"]


@plant(breaks="a_deployment_runs_the_version_of_the_migrations_that_it_brings")
def migrations_of_the_code_before(template: Template) -> None:
    template["Resources"]["Migrations"]["Properties"]["Function"] = {"Fn::GetAtt": ["MigrateDatabaseFunction", "Arn"]}


@plant(breaks="a_deployment_hears_of_a_migration_before_it_gives_up")
def a_deployment_that_waits_for_an_hour(template: Template) -> None:
    del template["Resources"]["Migrations"]["Properties"]["ServiceTimeout"]


@plant(breaks="who_makes_keys_is_outside_of_the_network")
def migrations_that_nobody_hears_of(template: Template) -> None:
    del template["Resources"]["DeployMigrationsFunction"]["Properties"]["VpcConfig"]


@plant(breaks="who_answers_cloudformation_can_reach_it_and_may_do_nothing_else")
def a_deployment_that_may_invoke_everything(template: Template) -> None:
    policies = template["Resources"]["DeployMigrationsFunction"]["Properties"]["Policies"]
    policies[0]["Statement"][0]["Resource"] = "*"


@plant(breaks="a_function_connects_as_one_database_user_of_our_proxy")
def a_function_that_reads_and_may_write(template: Template) -> None:
    template["Resources"]["GetUserFunction"]["Properties"]["Policies"].append({"Ref": "WriteDatabasePolicy"})


@plant(breaks="nobody_but_who_migrates_connects_as_the_owner_of_the_tables")
def a_function_that_owns_the_tables(template: Template) -> None:
    variables = {"DATABASE_USER": "roster_migrator"}
    template["Resources"]["GetUserFunction"]["Properties"]["Environment"] = {"Variables": variables}
