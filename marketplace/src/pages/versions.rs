//! The versions of a plugin. What was taken back is struck out, with its reason.

use super::frame::{Place, day, time};
use crate::wire::VersionDetail;
use maud::{Markup, html};

pub(super) fn table(place: &Place, versions: &[VersionDetail]) -> Markup {
    let words = place.words();
    html! {
        section {
            h2 #versions { (words.versions) }
            // A table that is wider than a phone scrolls by itself, by keyboard too.
            div.scroll role="region" aria-labelledby="versions" tabindex="0" {
                table {
                    thead {
                        tr {
                            th scope="col" { (words.version) }
                            th scope="col" { (words.published) }
                            th scope="col" { (words.platform) }
                            th scope="col" { (words.size) }
                            th scope="col" { (words.package) }
                        }
                    }
                    tbody {
                        @for version in versions { (row(place, version)) }
                    }
                }
            }
        }
    }
}

fn row(place: &Place, detail: &VersionDetail) -> Markup {
    let words = place.words();
    let version = &detail.version;
    html! {
        tr class=[detail.revoked.is_some().then_some("revoked")] {
            th scope="row" {
                @if detail.revoked.is_some() {
                    del { (version.version) }
                    " " span class="risk high" { (words.revoked_short) }
                } @else {
                    (version.version)
                }
            }
            td { (time(version.published_at)) }
            td { code { (version.platform) } }
            td { (size(version.size_bytes)) }
            td { code.digest { (version.digest) } }
        }
        @if let Some(revoked) = &detail.revoked {
            tr.why {
                td colspan="5" {
                    p { ((words.revoked)(&day(revoked.at))) " " span dir="auto" { (revoked.reason) } }
                }
            }
        }
    }
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", bytes.div_ceil(1_024)),
        _ => {
            let tenths = (bytes * 10).div_ceil(1_048_576);
            format!("{}.{} MiB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn bytes_are_told_in_a_unit_that_people_read() {
        assert_eq!(size(900), "900 B");
        assert_eq!(size(1_024), "1 KiB");
        assert_eq!(size(77_000), "76 KiB");
        assert_eq!(size(1_048_576), "1.0 MiB");
        assert_eq!(size(18_900_000), "18.1 MiB");
    }
}
