-- The queue: enqueue inside the transaction that wants the work, claim one at a time, say how it ended.
create or replace function code.enqueue(queue text, task text, arguments jsonb) returns bigint
language plpgsql set search_path = pg_catalog as $$
declare
    made bigint;
begin
    insert into jobs.job (queue, task, arguments) values (queue, task, arguments) returning id into made;
    perform pg_notify('jobs', queue);
    return made;
end $$;

-- The oldest job of a queue that waits, or one that an earlier holder left running: callers guarantee a single holder.
create or replace function code.claim(wanted_queue text, claimant uuid, out job_id bigint, out task text, out arguments jsonb)
language plpgsql set search_path = pg_catalog as $$
begin
    update jobs.job j set state = 'running', holder = claimant, attempts = j.attempts + case when j.holder is distinct from claimant then 1 else 0 end
     where j.id = (select c.id from jobs.job c
                    where c.queue = wanted_queue and c.state in ('waiting', 'running') and c.run_at <= now()
                    order by c.id limit 1 for update skip locked)
    returning j.id, j.task, j.arguments into job_id, task, arguments;
end $$;

-- How a job of this queue ended; a job of another queue stays as it is, whatever number the caller names.
create or replace function code.end_job(of_queue text, job_id bigint, how text, why text) returns void
language sql set search_path = pg_catalog as
$$ update jobs.job set state = how, failure = why where id = job_id and queue = of_queue $$;
