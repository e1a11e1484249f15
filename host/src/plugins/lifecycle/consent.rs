//! An admin says what a version may do: exactly that version, by its digest, so that nothing else slips in between reading and saying yes.

use super::{LifecycleError, Step, index, known, version};
use crate::{
    desk::Desk,
    lane::{Asker, LaneError},
    plugins::{
        manifest::{self, Manifest},
        settings,
    },
};
use guichet_core::{
    install::{Install, InstallState},
    refusal::Refusal,
};
use guichet_outside::{AddressBlock, Grant};

/// What the admin said.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Of the component that he saw described.
    pub digest: String,
    /// Interfaces, and hosts as `http:<host>`.
    pub grants: Vec<String>,
    /// Absent: they stay as they are.
    pub settings: Option<serde_json::Value>,
}

/// Consents to the staged version, to the pending one, which takes the place of the one that runs, or anew to the one that runs.
///
/// # Errors
/// [`Refusal::Conflict`] where the digest is none of these, [`Refusal::Invalid`] where something required is missing, was not asked, or the settings
/// do not fit.
pub async fn consent(
    desk: &Desk,
    asker: &Asker,
    install: Install,
    consent: Consent,
) -> Result<Install, LifecycleError> {
    if let Some(mut pending) = install
        .history
        .pending
        .clone()
        .filter(|pending| pending.digest == consent.digest)
    {
        let manifest = version::manifest(&pending)?;
        pending.grants = checked(&manifest, consent.grants)?;
        return version::switch_to(desk, asker, install, pending, consent.settings).await;
    }
    if install.digest != consent.digest {
        return Err(Refusal::Conflict(format!(
            "the version of {} to consent to has changed meanwhile: look at it again",
            install.plugin
        ))
        .into());
    }
    let manifest = manifest::of(&install)?;
    let grants = checked(&manifest, consent.grants)?;
    let is_new = install.state == InstallState::Staged;
    if !is_new && grants == install.grants && consent.settings.is_none() {
        return Ok(install);
    }
    let mut install = install;
    install.grants = grants;
    if is_new {
        install.state = InstallState::Disabled;
    }
    let secrets = settings::set(desk, asker, &manifest, &mut install, consent.settings).await?;
    let mut step = Step::of(install, "install.consented");
    step.write.secrets = secrets;
    let install = step.commit(desk, asker).await?;
    index(desk, asker, &install).await?;
    Ok(install)
}

/// Grants that the manifest asks for, without those it does not; refused where a required one is missing.
fn checked(manifest: &Manifest, grants: Vec<String>) -> Result<Vec<String>, Refusal> {
    let asks: Vec<_> = manifest.asks().collect();
    if let Some(stranger) = grants.iter().find(|grant| {
        !asks
            .iter()
            .any(|ask| ask.name == manifest::asked_name(grant))
    }) {
        return Err(not_asked(manifest, stranger));
    }
    for host in grants.iter().filter_map(|grant| {
        let http = grant.strip_prefix("http:");
        http.or_else(|| grant.strip_prefix("net:"))
    }) {
        let refused = |error: &dyn std::fmt::Display| Refusal::Invalid(error.to_string());
        // Which host a setting names is known later; at which address it may stand is said now.
        match (host.starts_with('{'), host.rsplit_once('@')) {
            (false, _) => host
                .parse::<Grant>()
                .map(drop)
                .map_err(|error| refused(&error))?,
            (true, Some((_, at))) => at
                .parse::<AddressBlock>()
                .map(drop)
                .map_err(|error| refused(&error))?,
            (true, None) => {}
        }
    }
    let missing: Vec<_> = asks
        .iter()
        .filter(|ask| {
            !ask.optional
                && !grants
                    .iter()
                    .any(|grant| manifest::asked_name(grant) == ask.name)
        })
        .map(|ask| ask.name.as_str())
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::Invalid(format!(
            "{} does not run without {}: grant it, or do not install the plugin",
            manifest.id,
            missing.join(", ")
        )));
    }
    let mut grants = grants;
    grants.sort();
    grants.dedup();
    Ok(grants)
}

fn not_asked(manifest: &Manifest, permission: &str) -> Refusal {
    let asked: Vec<_> = manifest.asks().map(|ask| ask.name).collect();
    Refusal::Invalid(format!(
        "the manifest of {} does not ask for `{permission}`, but for {}",
        manifest.id,
        asked.join(", ")
    ))
}

/// Grants an install one of the permissions that its manifest asks for. Done twice it changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] where the tenant has no such plugin, [`Refusal::Invalid`] where the manifest does not ask for it.
pub async fn grant(
    desk: &Desk,
    asker: &Asker,
    plugin: &str,
    permission: &str,
) -> Result<(), LifecycleError> {
    let mut install = known(desk, asker, plugin).await?;
    let manifest = manifest::of(&install)?;
    if !manifest
        .asks()
        .any(|ask| ask.name == manifest::asked_name(permission))
    {
        return Err(not_asked(&manifest, permission).into());
    }
    if install.grants.iter().any(|granted| granted == permission) {
        return Ok(());
    }
    install.grants.push(permission.to_owned());
    Step::of(install, "install.granted")
        .commit(desk, asker)
        .await
        .map_err(LaneError::into)
        .map(drop)
}
