//! Any call of the host, as a request tells it: a JSON list of calls, each `["interface.function", argument, …]`, is answered with the list of what each
//! was answered, `{"ok": …}` or the error's case with its text.
//!
//! A method of a resource takes the id of its ticket or customer first: it is called on what `get` hands out for it.

/// From JSON to arguments.
mod arguments;

/// From answers to JSON.
pub(crate) mod told;

use arguments::Arguments;
use guichet_sdk::{
    Error, clock, customers_read, customers_write, directory_read, events_emit, events_read,
    explain, files, http, intake, jobs, log, net, records, records_shared, secrets, settings,
    tickets_read, tickets_write,
};
use serde_json::{Value as Json, json};

/// Makes the calls, one after the other.
pub(crate) fn all(body: &str) -> Result<String, Error> {
    let calls: Vec<Vec<Json>> =
        serde_json::from_str(body).map_err(|error| Error::Invalid(error.to_string()))?;
    let told: Vec<_> = calls.iter().map(|call| one(call)).collect();
    Ok(json!(told).to_string())
}

fn one(call: &[Json]) -> Json {
    let name = call.first().and_then(Json::as_str).unwrap_or_default();
    let arguments = Arguments(call.get(1..).unwrap_or_default());
    let (interface, function) = name.split_once('.').unwrap_or((name, ""));
    let answer = match interface {
        "tickets-read" => tickets(function, &arguments),
        "tickets-write" => write(function, &arguments),
        "intake" => take_in(function, &arguments),
        "customers-read" | "customers-write" => customers(function, &arguments),
        "directory-read" => people(function, &arguments),
        "events-read" | "events-emit" => events(function, &arguments),
        "records" => documents(function, &arguments),
        "records-shared" => documents_of_others(function, &arguments),
        "files" => content(function, &arguments),
        _ => others(name, &arguments),
    };
    answer.map_or_else(|error| told::error(&error), |ok| json!({ "ok": ok }))
}

fn unknown(function: &str) -> Result<Json, Error> {
    Err(Error::Other((
        "no-such-call".to_owned(),
        function.to_owned(),
    )))
}

fn tickets(function: &str, given: &Arguments) -> Result<Json, Error> {
    if let Some(getter) = function.strip_prefix("ticket.") {
        return of_ticket(getter, given);
    }
    Ok(match function {
        "get" => told::ticket(&tickets_read::get(given.text(0))?),
        "find" => told::ticket(&tickets_read::find(given.count(0))?),
        "read-message" => {
            let (ticket, message) = tickets_read::read_message(given.text(0))?;
            json!([ticket, told::message(&message)])
        }
        "query" => told::page(&tickets_read::query(&given.page(0))?),
        "count" => tickets_read::count(given.text(0))?.into(),
        "aggregate" => {
            let (groups, measures) = (given.texts(1), given.texts(2));
            let rows = tickets_read::aggregate(given.text(0), &groups, &measures, given.limit(3))?;
            told::rows(&rows)
        }
        _ => return unknown(function),
    })
}

fn of_ticket(getter: &str, given: &Arguments) -> Result<Json, Error> {
    let ticket = tickets_read::get(given.text(0))?;
    Ok(match getter {
        "id" => ticket.id().into(),
        "number" => ticket.number().into(),
        "version" => ticket.version().into(),
        "kind" => ticket.kind().into(),
        "state" => ticket.state().into(),
        "subject" => ticket.subject().into(),
        "channel" => ticket.channel().into(),
        "requester" => ticket.requester().into(),
        "assignee" => ticket.assignee().into(),
        "group" => ticket.group().into(),
        "priority" => ticket.priority().into(),
        "tags" => ticket.tags().into(),
        "created-at" => ticket.created_at().into(),
        "updated-at" => ticket.updated_at().into(),
        "field" => told::value(&ticket.field(given.text(1))),
        "links" => told::links(&ticket.links()),
        "participants" => told::participants(&ticket.participants()),
        "messages" => {
            let messages = ticket.messages(given.some_text(1), given.limit(2))?;
            messages.iter().map(told::message).collect()
        }
        "last-message" => ticket.last_message()?.as_ref().map(told::message).into(),
        _ => return unknown(getter),
    })
}

fn write(function: &str, given: &Arguments) -> Result<Json, Error> {
    let id = given.text(0);
    match function {
        "create" => return tickets_write::create(&given.ticket(0)?).map(Json::from),
        "set" => tickets_write::set(id, &given.fields(1)),
        "add-tags" => tickets_write::add_tags(id, &given.texts(1)),
        "remove-tags" => tickets_write::remove_tags(id, &given.texts(1)),
        "transition" => tickets_write::transition(id, given.text(1), &given.fields(2)),
        "add-message" => {
            return tickets_write::add_message(id, &given.message(1)?).map(Json::from);
        }
        "add-participant" => {
            let who = given.actor(2);
            tickets_write::add_participant(id, given.text(1), &who, given.some_count(3))
        }
        "remove-participant" => {
            tickets_write::remove_participant(id, given.text(1), &given.actor(2))
        }
        "link" => tickets_write::link(id, given.text(1), given.text(2)),
        "unlink" => tickets_write::unlink(id, given.text(1), given.text(2)),
        "merge" => tickets_write::merge(id, given.text(1)),
        _ => return unknown(function),
    }
    .map(|()| Json::Null)
}

fn take_in(function: &str, given: &Arguments) -> Result<Json, Error> {
    match function {
        "create" => intake::create(&given.ticket(0)?, &given.actor(1)).map(Json::from),
        "add-message" => {
            let message = given.message(1)?;
            intake::add_message(given.text(0), &message, &given.actor(2)).map(Json::from)
        }
        "quarantine" => {
            let (source, sender) = (given.text(0), given.text(1));
            let message = given.message(4)?;
            intake::quarantine(source, sender, given.text(2), given.text(3), &message)
                .map(Json::from)
        }
        "set-delivery" => {
            let (ticket, message) = (given.text(0), given.text(1));
            intake::set_delivery(ticket, message, given.text(2), &given.fields(3))
                .map(|()| Json::Null)
        }
        _ => unknown(function),
    }
}

fn customers(function: &str, given: &Arguments) -> Result<Json, Error> {
    if let Some(getter) = function.strip_prefix("customer.") {
        let customer = customers_read::get(given.text(0))?;
        return Ok(match getter {
            "id" => customer.id().into(),
            "version" => customer.version().into(),
            "name" => customer.name().into(),
            "groups" => customer.groups().into(),
            "locale" => customer.locale().into(),
            "identities" => customer.identities().into(),
            "field" => told::value(&customer.field(given.text(1))),
            _ => return unknown(getter),
        });
    }
    Ok(match function {
        "get" => told::customer(&customers_read::get(given.text(0))?),
        "find" => customers_read::find(given.text(0))?
            .as_ref()
            .map(told::customer)
            .into(),
        "ensure" => {
            let (identities, fields) = (given.texts(0), given.fields(2));
            customers_write::ensure(&identities, given.is_set(1), &fields)?.into()
        }
        "set" => {
            customers_write::set(given.text(0), &given.fields(1))?;
            Json::Null
        }
        _ => return unknown(function),
    })
}

fn people(function: &str, given: &Arguments) -> Result<Json, Error> {
    let people = |people: Vec<_>| people.iter().map(told::person).collect();
    Ok(match function {
        "agent" => told::person(&directory_read::agent(given.text(0))?),
        "agents" => people(directory_read::agents(given.some_text(0), given.limit(1))?),
        "groups" => directory_read::groups(given.some_text(0), given.limit(1))?
            .iter()
            .map(|group| json!({ "id": group.id, "name": group.name }))
            .collect(),
        "members" => people(directory_read::members(given.text(0))?),
        _ => return unknown(function),
    })
}

fn events(function: &str, given: &Arguments) -> Result<Json, Error> {
    match function {
        "since" => {
            let events = events_read::since(given.count(0), given.text(1), given.limit(2))?;
            return Ok(events.iter().map(told::event).collect());
        }
        "emit" => events_emit::emit(given.text(0), given.some_text(1), given.text(2)),
        "direct" => {
            let (plugin, action) = (given.text(0), given.text(1));
            events_emit::direct(plugin, action, given.some_text(2), given.text(3))
        }
        _ => return unknown(function),
    }
    .map(|()| Json::Null)
}

fn documents(function: &str, given: &Arguments) -> Result<Json, Error> {
    let (collection, key) = (given.text(0), given.text(1));
    Ok(match function {
        "get" => records::get(collection, key)?
            .map(|found| told::document(&found))
            .into(),
        "query" => told::documents(&records::query(collection, &given.range(1))?),
        "query-count" => records::query(collection, &given.range(1))?
            .items
            .len()
            .into(),
        "put" => records::put(collection, key, given.text(2), given.some_count(3))?.into(),
        "delete" => {
            records::delete(collection, key)?;
            Json::Null
        }
        "add" => {
            records::add(collection, key, given.text(2), 1.0)?;
            Json::Null
        }
        _ => return unknown(function),
    })
}

fn documents_of_others(function: &str, given: &Arguments) -> Result<Json, Error> {
    let name = given.text(0);
    Ok(match function {
        "get" => records_shared::get(name, given.text(1))?
            .map(|found| told::document(&found))
            .into(),
        "query" => told::documents(&records_shared::query(name, &given.range(1))?),
        _ => return unknown(function),
    })
}

fn content(function: &str, given: &Arguments) -> Result<Json, Error> {
    Ok(match function {
        "put" => {
            let put = files::put(given.text(0), given.text(1), given.text(2).as_bytes())?;
            told::attachment(&put)
        }
        "append" => {
            files::append(given.text(0), given.text(1).as_bytes())?;
            Json::Null
        }
        "read" => {
            let read = files::read(given.text(0), given.count(1), given.limit(2))?;
            String::from_utf8_lossy(&read).into()
        }
        "delete" => {
            files::delete(given.text(0))?;
            Json::Null
        }
        "cut" => {
            let (offset, length) = (given.count(1), given.count(2));
            let cut = files::cut(given.text(0), offset, length, given.text(3), given.text(4))?;
            told::attachment(&cut)
        }
        _ => return unknown(function),
    })
}

fn others(name: &str, given: &Arguments) -> Result<Json, Error> {
    Ok(match name {
        "jobs.enqueue" => {
            let (job, payload) = (given.text(0), given.text(1));
            jobs::enqueue(job, payload, given.some_count(2), given.some_text(3))?.into()
        }
        "jobs.cancel" => jobs::cancel(given.text(0))?.into(),
        "http.fetch" => {
            let response = http::fetch(&given.fetch(0))?;
            json!([response.status, told::body(&response.body)])
        }
        "net.connect" => {
            net::connect(given.text(0), port(given), given.is_set(2))?;
            Json::Null
        }
        "net.connection.read" => {
            let heard = connection(given)?.read(100, 100)?;
            String::from_utf8_lossy(&heard).into_owned().into()
        }
        "net.connection.write" => {
            connection(given)?.write(b"x")?;
            Json::Null
        }
        "net.connection.start-tls" => {
            connection(given)?.start_tls()?;
            Json::Null
        }
        "secrets.reveal" => secrets::reveal(given.text(0))?.into(),
        "settings.get" => settings::get().into(),
        "log.write" => {
            log::write(given.text(0), given.text(1));
            Json::Null
        }
        "explain.because" => {
            explain::because(given.text(0), given.text(1));
            Json::Null
        }
        "clock.now" => clock::now().into(),
        "clock.random" => clock::random(given.limit(0)).into(),
        _ => return unknown(name),
    })
}

fn port(given: &Arguments) -> u16 {
    u16::try_from(given.count(1)).unwrap_or_default()
}

fn connection(given: &Arguments) -> Result<net::Connection, Error> {
    net::connect(given.text(0), port(given), false)
}
