//! Sessions of changelogs, early results of sessions, and sessions that late rows correct.

cases! { "sessions":
    aggregated_again
    early
    early_global
    early_windows_again
    late
    late_and_early
    late_table_form
    of_a_join
    of_a_left_join
    of_except
    of_latest_versions
    of_top_rows
    of_upserts
    of_upserts_global
    ordered_values
    rollup_of_changes
}
