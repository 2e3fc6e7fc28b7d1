//! Which web pages may call.

use arroyo_config::{Cors, OriginPolicy};
use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::ApiError;

/// The configured layer.
pub(crate) fn layer(cors: &Cors) -> Result<CorsLayer, ApiError> {
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, HeaderName::from_static("last-event-id")]);
    match cors.origin_policy {
        OriginPolicy::Any if cors.allow_credentials => Err(ApiError::Config {
            key: "api.cors.allow-credentials",
            reason: "cannot be true while `api.cors.origin-policy` is `any`: use `allow-list`".into(),
        }),
        OriginPolicy::Any if !cors.allowed_origins.is_empty() => Err(ApiError::Config {
            key: "api.cors.allowed-origins",
            reason: "has no meaning while `api.cors.origin-policy` is `any`: use `allow-list`".into(),
        }),
        OriginPolicy::Any => Ok(layer.allow_origin(AllowOrigin::any())),
        OriginPolicy::AllowList => {
            let origins =
                cors.allowed_origins.iter().map(|origin| parse_origin(origin)).collect::<Result<Vec<_>, _>>()?;
            Ok(layer.allow_origin(origins).allow_credentials(cors.allow_credentials))
        }
    }
}

/// `scheme://host[:port]`, as browsers send it.
fn parse_origin(origin: &str) -> Result<HeaderValue, ApiError> {
    let invalid = || ApiError::Config {
        key: "api.cors.allowed-origins",
        reason: format!("`{origin}` is no origin: write `scheme://host` or `scheme://host:port`"),
    };
    let (scheme, host) = origin.split_once("://").ok_or_else(invalid)?;
    let is_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]".contains(c);
    if !matches!(scheme, "http" | "https") || host.is_empty() || !host.chars().all(is_host) {
        return Err(invalid());
    }
    HeaderValue::from_str(origin).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_scheme_and_host() {
        for origin in ["http://localhost:5173", "https://ui.example.com", "http://[::1]:80"] {
            assert!(parse_origin(origin).is_ok(), "{origin}");
        }
        for origin in ["*", "localhost", "http://", "https://a/b", "ftp://a", "https://A.com"] {
            assert!(parse_origin(origin).is_err(), "{origin}");
        }
    }

    #[test]
    fn any_origin_goes_with_nothing_else() {
        let mut cors = Cors { origin_policy: OriginPolicy::Any, allowed_origins: Vec::new(), allow_credentials: false };
        assert!(layer(&cors).is_ok());
        cors.allow_credentials = true;
        assert!(layer(&cors).is_err());
        cors.allow_credentials = false;
        cors.allowed_origins = vec!["http://a".into()];
        assert!(layer(&cors).is_err());
    }
}
