//! Joins with lookup tables. What DataFusion answers in batch is checked in [`super::lookups_batch`].

cases! { "lookups":
    all_columns
    changes_of_the_key
    changes_on_the_left
    composite_key
    constant_key
    filter_above
    filter_in_on_inner
    filter_in_on_left
    group_after
    group_of_changes
    in_where
    inner
    key_as_text
    key_expression
    key_that_is_narrower
    key_that_is_wider
    left
    lookup_of_a_lookup
    lookup_of_windows
    lookup_on_the_left
    missing_keys_only
    natural
    nothing_is_wanted
    null_key
    number_found_by_text
    one_table_twice
    only_the_stream_is_selected
    right_of_a_lookup
    two_lookups
    using_clause
    using_two_columns
    view_of_a_lookup
    window_after
    window_function_after
}
