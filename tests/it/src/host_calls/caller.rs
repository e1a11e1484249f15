//! Who calls: a guest over its route, for somebody.

use crate::desk::TestDesk;
use guichet_core::id::InstallId;
use serde_json::{Value, json};
use uuid::Uuid;

/// A guest in a tenant, asked with somebody's token; with none, by nobody.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) desk: &'a TestDesk,
    pub(crate) tenant: &'a str,
    pub(crate) plugin: &'a str,
    pub(crate) token: &'a str,
    /// Its install, where it is asked for a report; absent: over its route.
    pub(crate) report: Option<InstallId>,
}

impl<'a> Caller<'a> {
    /// Over a guest's route in the desk's own tenant.
    pub(crate) fn of(desk: &'a TestDesk, plugin: &'a str, token: &'a str) -> Self {
        Self {
            desk,
            tenant: "acme",
            plugin,
            token,
            report: None,
        }
    }

    /// Makes a call, in an invocation of its own; what the guest was answered, as it came.
    pub(crate) async fn call(&self, name: &str, arguments: &Value) -> String {
        let mut call = vec![json!(name)];
        call.extend(arguments.as_array().unwrap().iter().cloned());
        self.calls(&json!([call])).await.remove(0).to_string()
    }

    /// Makes calls in one invocation.
    pub(crate) async fn calls(&self, calls: &Value) -> Vec<Value> {
        let (address, tenant, plugin) = (&self.desk.address, self.tenant, self.plugin);
        let (url, body) = match self.report {
            None => {
                let url = format!("{address}/t/{tenant}/plugins/tests/{plugin}/calls");
                (url, calls.clone())
            }
            Some(install) => {
                let url = format!("{address}/t/{tenant}/api/v1/reports/{install}/calls");
                (url, json!({ "parameters": { "calls": calls.to_string() } }))
            }
        };
        let mut request = self.desk.client.post(url).json(&body);
        if !self.token.is_empty() {
            request = request.bearer_auth(self.token);
        }
        let response = request.send().await.unwrap();
        let (status, text) = (response.status().as_u16(), response.text().await.unwrap());
        assert_eq!(status, 200, "{calls}: {text}");
        if self.report.is_none() {
            return serde_json::from_str(&text).unwrap();
        }
        let made: Value = serde_json::from_str(&text).unwrap();
        serde_json::from_str(made["tables"][0]["rows"][0][0].as_str().unwrap()).unwrap()
    }

    /// What a call that goes well answers.
    pub(crate) async fn made(&self, name: &str, arguments: Value) -> Value {
        let told = self.call(name, &arguments).await;
        let told: Value = serde_json::from_str(&told).unwrap();
        assert!(told.get("ok").is_some(), "{name} {arguments}: {told}");
        told["ok"].clone()
    }
}

/// An answer, but for the ids that were made with it.
pub(crate) fn normal(told: &str, known: &[&String]) -> String {
    let (mut rest, mut normal) = (told, String::new());
    while let Some(first) = rest.chars().next() {
        let id = rest.get(..36).filter(|id| Uuid::parse_str(id).is_ok());
        let length = match id {
            Some(id) if known.iter().any(|known| *known == id) => {
                normal.push_str(id);
                36
            }
            Some(_) => {
                normal.push_str("(new)");
                36
            }
            None => {
                normal.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    normal
}
