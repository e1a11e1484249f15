//! Every bound on a view, in one table. Characters are Unicode's.

/// Bytes of a view, or of an answer, as JSON.
pub const VIEW_BYTES_MAX: usize = 512 << 10;

/// Levels of lists and objects in that JSON, those of inputs and schemas among them.
pub const JSON_LEVELS_MAX: usize = 64;

/// How deep blocks may stand in one another; those of the view itself are the first level.
pub const BLOCK_LEVELS_MAX: usize = 12;

/// Blocks of a view.
pub const BLOCKS_MAX: usize = 500;

/// Blocks, cells, cards, nodes, entries, pairs and menu items of a view together: so much a browser draws at once without making people wait.
pub const PARTS_MAX: usize = 12_000;

/// Characters of a title, a label, or what a button says.
pub const TITLE_CHARS_MAX: usize = 200;

/// Characters of a text.
pub const TEXT_CHARS_MAX: usize = 10_000;

/// Characters of a text in Markdown.
pub const MARKDOWN_CHARS_MAX: usize = 20_000;

/// Bytes of the name of an action, a page, a report: a manifest has no longer ones either.
pub const NAME_BYTES_MAX: usize = 60;

/// Characters of the name of a column, a card, a tab, a node: what no person reads.
pub const NAME_CHARS_MAX: usize = 100;

/// Characters of a link.
pub const LINK_CHARS_MAX: usize = 2_000;

/// Characters of a filter that leads to a list of tickets.
pub const FILTER_CHARS_MAX: usize = 2_000;

/// Bytes of an action's input as JSON.
pub const INPUT_BYTES_MAX: usize = 8 << 10;

/// A number's distance from zero: beyond it, JavaScript rounds whole numbers, and scales of charts run out.
pub const NUMBER_MAX: f64 = 1e15;

/// Columns beside one another.
pub const COLUMNS_MAX: usize = 6;

/// The share of the width that one of these may take; the least is 1.
pub const COLUMN_SHARE_MAX: u32 = 12;

/// Pairs of one list of keys and values.
pub const PAIRS_MAX: usize = 100;

/// Columns of a table.
pub const TABLE_COLUMNS_MAX: usize = 20;

/// Rows of a table. More come in pages.
pub const TABLE_ROWS_MAX: usize = 500;

/// Characters of one cell.
pub const CELL_CHARS_MAX: usize = 1_000;

/// Buttons of one row, or of one empty state.
pub const BUTTONS_MAX: usize = 5;

/// Columns of a board.
pub const BOARD_COLUMNS_MAX: usize = 12;

/// Cards of a board, in all its columns.
pub const CARDS_MAX: usize = 300;

/// Badges of a card.
pub const CARD_BADGES_MAX: usize = 6;

/// Series of a chart: as many as there are colours to tell them apart.
pub const CHART_SERIES_MAX: usize = 8;

/// Points of each series.
pub const CHART_POINTS_MAX: usize = 400;

/// Entries of a timeline.
pub const ENTRIES_MAX: usize = 200;

/// Nodes of a tree, on all its levels.
pub const NODES_MAX: usize = 500;

/// Levels of a tree.
pub const NODE_LEVELS_MAX: usize = 12;

/// Items of a menu.
pub const MENU_ITEMS_MAX: usize = 30;

/// Tabs beside one another.
pub const TABS_MAX: usize = 12;

/// Bytes of a form's schema as JSON.
pub const FORM_SCHEMA_BYTES_MAX: usize = 32 << 10;

/// Properties of a form's schema, on all its levels.
pub const FORM_FIELDS_MAX: usize = 100;

/// Bytes of the values that a form begins with, as JSON: they come back with its answer, which the host bounds at 64 KiB together with what was changed.
pub const FORM_VALUES_BYTES_MAX: usize = 48 << 10;

/// Fields of a form that are shown on conditions, and conditions of each.
pub const FORM_CONDITIONS_MAX: usize = 20;

/// Places of a form that an answer finds wrong.
pub const MISFITS_MAX: usize = 50;

const _: () = assert!(
    TABLE_COLUMNS_MAX * TABLE_ROWS_MAX < PARTS_MAX,
    "one table as large as it may be can be shown"
);
const _: () = assert!(
    BLOCK_LEVELS_MAX * 4 < JSON_LEVELS_MAX,
    "blocks run out before the levels of their JSON do, so that the fault names a block"
);
