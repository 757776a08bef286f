"""Weaknesses of migrations."""

from tests.template.plants import Template, plant


@plant()
def a_function_that_waits_for_no_migration(template: Template) -> None:
    del template["Resources"]["CreateOrderFunction"]["DependsOn"]


@plant()
def migrations_of_the_code_before(template: Template) -> None:
    template["Resources"]["Migrations"]["Properties"]["Function"] = {"Fn::GetAtt": ["MigrateDatabaseFunction", "Arn"]}


@plant()
def a_deployment_that_waits_for_an_hour(template: Template) -> None:
    del template["Resources"]["Migrations"]["Properties"]["ServiceTimeout"]


@plant()
def migrations_that_nobody_hears_of(template: Template) -> None:
    del template["Resources"]["DeployMigrationsFunction"]["Properties"]["VpcConfig"]


@plant()
def a_deployment_that_may_invoke_everything(template: Template) -> None:
    policies = template["Resources"]["DeployMigrationsFunction"]["Properties"]["Policies"]
    policies[0]["Statement"][0]["Resource"] = "*"


@plant()
def a_function_that_reads_and_may_write(template: Template) -> None:
    template["Resources"]["GetUserFunction"]["Properties"]["Policies"].append({"Ref": "WriteDatabasePolicy"})


@plant()
def a_function_that_owns_the_tables(template: Template) -> None:
    variables = {"DATABASE_USER": "roster_migrator"}
    template["Resources"]["GetUserFunction"]["Properties"]["Environment"] = {"Variables": variables}
