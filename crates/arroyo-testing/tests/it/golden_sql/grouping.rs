//! Grouping sets with and without windows, the empty set, DISTINCT ON.

cases! { "grouping":
    changes_rollup
    cube_no_rows
    cube_of_window
    cumulate_rollup
    distinct_on_any_order
    distinct_on_earliest
    distinct_on_expression
    distinct_on_grouped
    distinct_on_latest
    distinct_on_of_changes
    distinct_on_of_windows
    early_rollup
    empty_group_no_rows
    having_rollup
    hop_sets
    only_empty_sets
    repeated_sets
    rollup_no_rows
    rollup_of_changes
    rollup_of_window
    rollup_of_window_no_rows
    session_rollup
    table_rollup
    tumble_cube_two_keys
    tumble_rollup
    window_in_the_sets
    windows_again_rollup
}
