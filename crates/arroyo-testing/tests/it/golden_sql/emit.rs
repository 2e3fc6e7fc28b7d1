//! Early results of windows, results that late rows correct, and where late rows go.

cases! { "emit":
    aggregated_again
    early_cumulate
    early_expression_key
    early_filter_clause
    early_global
    early_having
    early_hop
    early_null_key
    early_offset
    early_ordered
    early_rarely
    early_tumble
    early_without_functions
    joined
    late_and_early
    late_cumulate
    late_hop
    late_hop_with_gaps
    late_rows
    late_rows_after_lateness
    late_rows_beside_windows
    late_rows_of_a_view
    late_rows_of_few_columns
    late_rows_of_sessions
    late_rows_of_table_form
    late_tumble
    of_a_subquery
    same_window_again
    table_hop
    table_tumble
    top
    union_with_final
    view_read_twice
    window_again
}
