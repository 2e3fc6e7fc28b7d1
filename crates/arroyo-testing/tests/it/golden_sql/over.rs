//! Functions with OVER, ORDER BY, LIMIT, top-N.
//!
//! The SQL of these cases is plain SQL: DataFusion's answer in batch must be the golden one.

mod batch;

cases! { "over":
    limit
    limit_in_subquery
    limit_more_than_all
    limit_of_windows
    limit_offset
    limit_zero
    offset
    order_by_time
    order_by_time_limit
    order_by_window
    time_after_filter
    time_array
    time_decimal
    time_distinct
    time_fill_forward
    time_first_last
    time_groups
    time_keep_first
    time_lag
    time_lead
    time_partition_expression
    time_peers
    time_range_behind
    time_range_following
    time_range_preceding
    time_ranks
    time_row_number
    time_rows_around
    time_rows_preceding
    time_running_ahead
    time_running_behind
    time_running_global
    time_running_sum
    time_several_clauses
    time_then_limit
    updating_keep_last
    updating_limit_of_updating
    updating_order_limit
    updating_order_limit_offset
    updating_order_of_windows
    updating_order_offset
    updating_over_updating
    updating_sum
    updating_top
    updating_top_dense_rank
    updating_top_rank
    updating_top_with_condition
    updating_top_without_number
    updating_whole_partition
    window_filter_clause
    window_first_last_nth
    window_groups_frame
    window_lag_lead
    window_ntile
    window_nulls
    window_over_over
    window_partition_expression
    window_range_frame
    window_ranks
    window_row_number
    window_rows_frame
    window_running_sum
    window_share
    window_top
    window_top_and_sum
    window_top_dense_rank
    window_top_one
    window_top_rank
    window_top_then_group
    window_top_with_condition
    window_two_clauses
}

#[tokio::test]
async fn answers_are_those_of_batch_sql() {
    batch::check("over").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_written_in_order() {
    use arroyo_testing::{Ending, Stage, run_sql};
    for name in ["order_by_time", "order_by_time_limit", "order_by_window"] {
        let temp = tempfile::tempdir().unwrap();
        let out = temp.path().join("out");
        let stages = [
            Stage { parallelism: 3, ending: Ending::Kill(12) },
            Stage { parallelism: 2, ending: Ending::EndOfInputWithCheckpoints },
        ];
        run_sql(&super::script("over", name, &out, true), &stages).await.unwrap();
        let written = std::fs::read_to_string(&out).unwrap();
        assert_eq!(batch::normal_lines(&written), batch::in_order("over", name).await, "{name}");
    }
}
