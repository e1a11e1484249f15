//! What the cases came across: a test that never meets what it is about proves nothing.

#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) cases: u32,
    /// Calendars whose clock on the wall was put forward or back meanwhile.
    pub(super) changes_of_the_wall: u32,
    pub(super) done: u32,
    pub(super) refused: u32,
    pub(super) marks: u32,
    pub(super) late_marks: u32,
    /// Clocks that ran on after their target had gone by.
    pub(super) overrun: u32,
    pub(super) dues: u32,
}

impl Tally {
    pub(super) fn assert_enough(&self, cases: u32) {
        assert_eq!(self.cases, cases);
        for (count, least) in [
            (self.changes_of_the_wall, cases / 4),
            (self.done, cases),
            (self.refused, cases / 10),
            (self.marks, cases / 10),
            (self.late_marks, cases / 50),
            (self.overrun, cases / 10),
            (self.dues, cases / 10),
        ] {
            assert!(count >= least, "{self:?}");
        }
    }
}
