-- Who started a run: the run of Prefect's that a person finds on its page. Null: started directly.
alter table kept.runs add column prefect_run_id varchar;
alter table kept.runs add column prefect_run_name varchar;
comment on column kept.runs.prefect_run_id is 'Its identifier in Prefect; null: started directly';
comment on column kept.runs.prefect_run_name is 'Its name in Prefect; null: started directly';
