//! To a marketplace: the package as it is signed. The marketplace checks it anew, and says how far it is then.

use crate::{
    pack::{self, PackError},
    project::Project,
};
use guichet_marketplace::{
    client::{Client, ClientError},
    wire::{Published, Standing},
};
use std::path::Path;

/// Why nothing is published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(transparent)]
    Package(#[from] PackError),
    #[error(
        "the package is not signed, and a marketplace takes only what its publisher signed: run `guichet plugin sign --key FILE`"
    )]
    Unsigned,
    #[error(transparent)]
    Market(#[from] ClientError),
}

/// Brings a package to the marketplace at that address. Brought again, the same one is answered alike.
///
/// # Errors
/// [`PublishError`], with what the marketplace says where it refuses.
pub async fn publish(
    project: Option<&Project>,
    named: Option<&Path>,
    address: &str,
) -> Result<Published, PublishError> {
    let (_, package) = pack::read(project, named)?;
    if package.claimed_keys().next().is_none() {
        return Err(PublishError::Unsigned);
    }
    Ok(Client::new(address)?.publish(&package).await?)
}

/// What the marketplace answered, for people.
pub fn told(published: &Published, address: &str) -> String {
    let Published {
        id,
        version,
        digest,
        standing,
        notices,
    } = published;
    let mut text = match standing {
        Standing::Listed => {
            format!("{id} {version} is on offer at {address}\ndigest      {digest}")
        }
        Standing::Waiting => format!(
            "{id} {version} is at {address}, whose operator looks at it before it is on offer\ndigest      {digest}"
        ),
    };
    for notice in notices {
        text.push_str(&format!("\n! {notice}"));
    }
    text
}
