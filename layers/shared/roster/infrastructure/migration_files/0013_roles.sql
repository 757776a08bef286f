-- Who may do what (docs/decisions/0028-database-roles.md): functions that read connect as roster_reader, those that write as
-- roster_writer, and nobody but who migrates, and so owns the tables, changes the schema.
--
-- Roles belong to the whole cluster, and several of its databases may be migrated at the same moment: so nothing is made that
-- is there, and whoever loses a race looks again, at all that the winner has done by then.
DO $$
DECLARE
    settings CONSTANT text[][] := ARRAY[
        ['statement_timeout', '2s'],
        ['lock_timeout', '1s'],
        ['idle_in_transaction_session_timeout', '3s']
    ];
    each_role text;
    setting text[];
BEGIN
    FOR attempt IN 1..50 LOOP
        BEGIN
            FOREACH each_role IN ARRAY ARRAY['roster_reader', 'roster_writer'] LOOP
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = each_role) THEN
                    EXECUTE format('CREATE ROLE %I LOGIN', each_role);
                END IF;
                FOREACH setting SLICE 1 IN ARRAY settings LOOP
                    IF NOT EXISTS (
                        SELECT FROM pg_db_role_setting
                        WHERE setdatabase = 0 AND setrole = each_role::regrole
                            AND setting[1] || '=' || setting[2] = ANY (setconfig)
                    ) THEN
                        EXECUTE format('ALTER ROLE %I SET %I = %L', each_role, setting[1], setting[2]);
                    END IF;
                END LOOP;
                -- On RDS: members log in by IAM, and by no password.
                IF EXISTS (
                    SELECT FROM pg_roles WHERE rolname = 'rds_iam' AND NOT EXISTS (
                        SELECT FROM pg_auth_members WHERE roleid = pg_roles.oid AND member = each_role::regrole
                    )
                ) THEN
                    EXECUTE format('GRANT rds_iam TO %I', each_role);
                END IF;
            END LOOP;
            EXIT;
        EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN -- the last: concurrently updated
            IF attempt = 50 THEN
                RAISE;
            END IF;
        END;
    END LOOP;

    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO roster_reader, roster_writer', current_database());
END
$$;

-- Nothing is for everybody, and what comes later is for nobody until its migration says for whom.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TYPES FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO roster_reader, roster_writer;

-- What functions that read show, and who may ask: no password, no hash of a token or code. A second factor's secret is sealed
-- by keys that they do not have.
GRANT SELECT ON users, orders, order_items, audit_events, cache_control TO roster_reader;
GRANT SELECT (id, user_id, source_ip, user_agent, created_at, refreshed_at, idle_until, expires_at) ON sessions TO roster_reader;
GRANT SELECT (user_id, key_id, secret, confirmed_at) ON second_factors TO roster_reader;
GRANT SELECT (user_id) ON recovery_codes TO roster_reader;
-- Whoever finds another Redis moves the cache's fence, also on behalf of a read.
GRANT UPDATE (epoch, is_enabled, server_id, changed_at, recent_moves, off_until) ON cache_control TO roster_reader;

-- What the adapters do, verb by verb: a user, an order and what is recorded is never deleted.
GRANT SELECT, INSERT, UPDATE ON users, orders, audit_events TO roster_writer;
GRANT SELECT, INSERT ON order_items, used_refresh_tokens TO roster_writer;
GRANT SELECT, UPDATE ON cache_control TO roster_writer;
GRANT SELECT, INSERT, DELETE ON mailed_tokens, recovery_codes TO roster_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON user_passwords, sessions, login_failures, rate_limits, pending_registrations, outbox,
    second_factors, login_challenges, idempotency_keys TO roster_writer;
