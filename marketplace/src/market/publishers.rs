//! Who may publish: added by the operator, or by request and the operator's acceptance.

use super::{MarketError, Marketplace};
use crate::{
    limits::{KEYS_OF_A_PUBLISHER_MAX, REQUEST_DAYS_MAX, REQUESTS_WAITING_MAX},
    refusal::Refusal,
    store::{
        self, Writing,
        publishers::{self, KeptKey, Publisher, Request},
    },
    wire::{Registered, Registration, Standing, check_contact, check_title},
};
use guichet_package::{PublicKey, manifest::is_name};

impl Marketplace {
    /// All publishers, by name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn publishers(&self) -> Result<Vec<Publisher>, MarketError> {
        Ok(self.store().publishers().await?)
    }

    /// Lets a publisher in.
    ///
    /// # Errors
    /// [`Refusal::Name`], [`Refusal::PublisherTaken`], [`Refusal::Text`]; [`MarketError::Store`].
    pub async fn add_publisher(
        &self,
        name: &str,
        title: &str,
        key: &PublicKey,
    ) -> Result<(), MarketError> {
        check(name, title)?;
        let mut tx = self.store().write().await?;
        self.let_in(&mut tx, name, title, key).await?;
        Ok(tx.commit().await?)
    }

    async fn let_in(
        &self,
        tx: &mut Writing,
        name: &str,
        title: &str,
        key: &PublicKey,
    ) -> Result<(), MarketError> {
        if publishers::keys(tx, name).await?.is_some() {
            return Err(Refusal::PublisherTaken(name.to_owned()).into());
        }
        let now = self.clock().now();
        publishers::add(tx, name, title, now).await?;
        publishers::add_key(tx, name, key, now).await?;
        Ok(store::changed(tx, now).await?)
    }

    /// Gives a publisher another key.
    ///
    /// # Errors
    /// [`Refusal::UnknownPublisher`], [`Refusal::KeyTaken`], [`Refusal::TooManyKeys`]; [`MarketError::Store`].
    pub async fn add_key(&self, name: &str, key: &PublicKey) -> Result<(), MarketError> {
        let now = self.clock().now();
        let mut tx = self.store().write().await?;
        let keys = known_keys(&mut tx, name).await?;
        if keys.iter().any(|kept| kept.key == *key) {
            return Err(Refusal::KeyTaken {
                publisher: name.to_owned(),
            }
            .into());
        }
        if keys.len() as i64 >= KEYS_OF_A_PUBLISHER_MAX {
            return Err(Refusal::TooManyKeys(name.to_owned()).into());
        }
        publishers::add_key(&mut tx, name, key, now).await?;
        store::changed(&mut tx, now).await?;
        Ok(tx.commit().await?)
    }

    /// Retires a key: what it signed stays, and nothing more that it signs is taken. Retiring it again changes nothing. Answers how many present keys are left.
    ///
    /// # Errors
    /// [`Refusal::UnknownPublisher`], [`Refusal::NotFound`]; [`MarketError::Store`].
    pub async fn retire_key(&self, name: &str, key: &PublicKey) -> Result<usize, MarketError> {
        let now = self.clock().now();
        let mut tx = self.store().write().await?;
        let keys = known_keys(&mut tx, name).await?;
        if !keys.iter().any(|kept| kept.key == *key) {
            let fingerprint = key.fingerprint();
            return Err(Refusal::NotFound(format!("{name} has no key {fingerprint}")).into());
        }
        publishers::retire_key(&mut tx, name, key, now).await?;
        store::changed(&mut tx, now).await?;
        tx.commit().await?;
        Ok(keys
            .iter()
            .filter(|kept| kept.retired_at.is_none() && kept.key != *key)
            .count())
    }

    /// Somebody asks to be let in, and proves to have the key. It waits until the operator answers.
    ///
    /// # Errors
    /// [`Refusal`]; [`MarketError::Store`].
    pub async fn register(&self, asked: &Registration) -> Result<Registered, MarketError> {
        check(&asked.name, &asked.title)?;
        check_contact(&asked.contact).map_err(Refusal::from)?;
        if !asked.is_signed_for(&self.public_key()) {
            return Err(Refusal::Proof.into());
        }
        let registered = |standing| Registered {
            name: asked.name.clone(),
            standing,
        };
        let mut tx = self.store().write().await?;
        if let Some(keys) = publishers::keys(&mut tx, &asked.name).await? {
            let has_key = keys
                .iter()
                .any(|kept| kept.key == asked.key && kept.retired_at.is_none());
            return match has_key {
                true => Ok(registered(Standing::Listed)),
                false => Err(Refusal::PublisherTaken(asked.name.clone()).into()),
            };
        }
        let request = Request {
            name: asked.name.clone(),
            key: asked.key.clone(),
            title: asked.title.clone(),
            contact: asked.contact.clone(),
            requested_at: self.clock().now(),
        };
        let others = publishers::other_requests(&mut tx, &request, REQUEST_DAYS_MAX).await?;
        if others >= REQUESTS_WAITING_MAX {
            return Err(Refusal::TooManyRequests.into());
        }
        publishers::ask(&mut tx, &request).await?;
        tx.commit().await?;
        Ok(registered(Standing::Waiting))
    }

    /// Who waits for an answer, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn requests(&self) -> Result<Vec<Request>, MarketError> {
        Ok(self.store().requests().await?)
    }

    /// Lets in who asked. Where several ask for one name, the key says who.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::SeveralRequests`]; [`MarketError::Store`].
    pub async fn accept(
        &self,
        name: &str,
        key: Option<&PublicKey>,
    ) -> Result<Request, MarketError> {
        let mut tx = self.store().write().await?;
        let mut requests = publishers::requests_for(&mut tx, name).await?;
        if let Some(key) = key {
            requests.retain(|request| request.key == *key);
        }
        if requests.len() > 1 {
            let keys: Vec<_> = requests
                .iter()
                .map(|request| request.key.to_string())
                .collect();
            return Err(Refusal::SeveralRequests {
                name: name.to_owned(),
                keys: keys.join(", "),
            }
            .into());
        }
        let request = requests.pop().ok_or_else(|| no_request(name))?;
        self.let_in(&mut tx, name, &request.title, &request.key)
            .await?;
        tx.commit().await?;
        Ok(request)
    }

    /// Forgets the requests for a name.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`MarketError::Store`].
    pub async fn decline(&self, name: &str) -> Result<(), MarketError> {
        let mut tx = self.store().write().await?;
        match publishers::forget_requests(&mut tx, name).await? {
            0 => Err(no_request(name).into()),
            _ => Ok(tx.commit().await?),
        }
    }
}

fn check(name: &str, title: &str) -> Result<(), Refusal> {
    if !is_name(name) {
        return Err(Refusal::Name(name.chars().take(100).collect()));
    }
    Ok(check_title(title)?)
}

async fn known_keys(tx: &mut Writing, name: &str) -> Result<Vec<KeptKey>, MarketError> {
    publishers::keys(tx, name)
        .await?
        .ok_or_else(|| Refusal::UnknownPublisher(name.to_owned()).into())
}

fn no_request(name: &str) -> Refusal {
    Refusal::NotFound(format!("nobody asks to be the publisher `{name}`"))
}
