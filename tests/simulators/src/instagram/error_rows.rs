//! The error codes that Meta or its users have described.
//!
//! Sources: Instagram Platform, Error codes reference, read 2026-06-02; Graph API, Handling errors and Rate
//! limits; what neither knows, from publishers' bug reports of 2026.

use super::error::Language;

/// What an error is about: in a language other than English, a message says no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Media,
    Request,
    Permission,
    Login,
    Limit,
    Blocked,
    Service,
}

impl Topic {
    /// Title and text for people.
    pub(super) const fn texts(self, language: Language) -> (&'static str, &'static str) {
        match (language, self) {
            (Language::English, Self::Media) => ("Media problem", "The media can't be used."),
            (Language::English, Self::Request) => {
                ("Invalid request", "Something in the request is wrong.")
            }
            (Language::English, Self::Permission) => {
                ("No permission", "The app isn't allowed to do this.")
            }
            (Language::English, Self::Login) => ("Sign in again", "The session has ended."),
            (Language::English, Self::Limit) => ("Limit reached", "Please try again later."),
            (Language::English, Self::Blocked) => {
                ("Action is blocked", "We restrict certain activity.")
            }
            (Language::English, Self::Service) => {
                ("Something went wrong", "An unexpected error occurred.")
            }
            (Language::Spanish, Self::Media) => {
                ("Problema con el archivo", "No se puede usar el archivo.")
            }
            (Language::Spanish, Self::Request) => {
                ("Solicitud no válida", "Algo de la solicitud no es válido.")
            }
            (Language::Spanish, Self::Permission) => {
                ("Sin permiso", "La aplicación no tiene permiso.")
            }
            (Language::Spanish, Self::Login) => ("Vuelve a entrar", "La sesión ha terminado."),
            (Language::Spanish, Self::Limit) => ("Límite alcanzado", "Inténtalo más tarde."),
            (Language::Spanish, Self::Blocked) => {
                ("Acción bloqueada", "Restringimos ciertas actividades.")
            }
            (Language::Spanish, Self::Service) => {
                ("Algo ha fallado", "Se ha producido un error inesperado.")
            }
            (Language::Japanese, Self::Media) => {
                ("メディアの問題", "このメディアは使用できません。")
            }
            (Language::Japanese, Self::Request) => {
                ("無効なリクエスト", "リクエストに誤りがあります。")
            }
            (Language::Japanese, Self::Permission) => {
                ("権限がありません", "このアプリには許可されていません。")
            }
            (Language::Japanese, Self::Login) => ("再ログイン", "セッションが終了しました。"),
            (Language::Japanese, Self::Limit) => {
                ("上限に達しました", "後でもう一度お試しください。")
            }
            (Language::Japanese, Self::Blocked) => {
                ("ブロックされました", "一部の操作を制限しています。")
            }
            (Language::Japanese, Self::Service) => ("エラー", "予期しないエラーが発生しました。"),
        }
    }
}

/// One documented error.
pub(super) struct Row {
    pub(super) status: u16,
    pub(super) code: i32,
    pub(super) subcode: Option<u32>,
    pub(super) topic: Topic,
    pub(super) message: &'static str,
}

const fn ig(status: u16, code: i32, subcode: u32, topic: Topic, message: &'static str) -> Row {
    Row {
        status,
        code,
        subcode: Some(subcode),
        topic,
        message,
    }
}

const fn graph(status: u16, code: i32, topic: Topic, message: &'static str) -> Row {
    Row {
        status,
        code,
        subcode: None,
        topic,
        message,
    }
}

use Topic::{Blocked, Limit, Login, Media, Permission, Request, Service};

pub(super) const ROWS: &[Row] = &[
    ig(
        400,
        -2,
        2_207_003,
        Media,
        "downloading the media took too long",
    ),
    ig(400, -2, 2_207_020, Media, "the media has expired"),
    ig(400, -1, 2_207_001, Service, "Instagram server error"),
    ig(
        400,
        -1,
        2_207_032,
        Service,
        "the media could not be created",
    ),
    ig(400, -1, 2_207_053, Service, "unknown upload error"),
    ig(400, -1, 2_207_085, Service, "Fatal"),
    ig(
        400,
        1,
        2_207_057,
        Request,
        "thumbnail offset outside of the video",
    ),
    ig(
        400,
        4,
        2_207_051,
        Blocked,
        "application request limit reached",
    ),
    ig(
        400,
        9,
        2_207_042,
        Limit,
        "the daily number of posts is used up",
    ),
    ig(400, 24, 2_207_006, Media, "the media could not be found"),
    ig(
        400,
        24,
        2_207_008,
        Media,
        "the media builder is unknown or expired",
    ),
    ig(
        400,
        25,
        2_207_050,
        Login,
        "the Instagram account is restricted",
    ),
    ig(400, 100, 2_207_023, Request, "unknown media type"),
    ig(400, 100, 2_207_028, Request, "a carousel has 2 to 10 items"),
    ig(
        400,
        100,
        2_207_035,
        Request,
        "a video's product tags have no position",
    ),
    ig(
        400,
        100,
        2_207_036,
        Request,
        "a photo's product tags need a position",
    ),
    ig(
        400,
        100,
        2_207_037,
        Request,
        "some product tags are invalid",
    ),
    ig(400, 100, 2_207_040, Request, "too many @ tags"),
    ig(
        400,
        100,
        2_207_067,
        Request,
        "VIDEO is no longer supported, use REELS",
    ),
    ig(
        400,
        100,
        2_207_081,
        Request,
        "the account may not make trial reels",
    ),
    ig(400, 110, 2_207_018, Request, "a user can't be tagged"),
    ig(
        400,
        352,
        2_207_026,
        Media,
        "the video format is not supported",
    ),
    ig(
        400,
        352,
        2_207_076,
        Media,
        "the video could not be processed",
    ),
    ig(
        400,
        352,
        2_207_082,
        Media,
        "the video could not be processed",
    ),
    ig(
        400,
        9004,
        2_207_052,
        Media,
        "the media could not be fetched",
    ),
    ig(
        400,
        9004,
        2_207_077,
        Media,
        "the video could not be downloaded",
    ),
    ig(400, 9007, 2_207_027, Media, "Media ID is not available"),
    ig(400, 36_000, 2_207_004, Media, "the image is too large"),
    ig(
        400,
        36_001,
        2_207_005,
        Media,
        "the image format is not supported",
    ),
    ig(
        400,
        36_003,
        2_207_009,
        Media,
        "the aspect ratio is not supported",
    ),
    ig(400, 36_004, 2_207_010, Request, "the caption is too long"),
    ig(403, 10, 9053, Permission, "limited release"),
    ig(400, 24, 4_279_009, Media, "media not found"),
    ig(
        400,
        100,
        33,
        Request,
        "the object does not exist, or permissions are missing",
    ),
    graph(401, 190, Login, "cannot parse access token"),
    graph(401, 102, Login, "session key invalid"),
    ig(400, 190, 458, Login, "the app was removed"),
    ig(400, 190, 459, Login, "the user is checkpointed"),
    ig(400, 190, 460, Login, "the password was changed"),
    ig(400, 190, 463, Login, "the token has expired"),
    ig(400, 190, 464, Login, "the user is unconfirmed"),
    ig(400, 190, 467, Login, "the token is invalid"),
    ig(400, 190, 483, Login, "consent is required"),
    ig(
        400,
        190,
        492,
        Login,
        "the user has lost the role on the Page",
    ),
    ig(400, 102, 458, Login, "the app was removed"),
    ig(400, 102, 459, Login, "the user is checkpointed"),
    ig(400, 102, 460, Login, "the password was changed"),
    ig(400, 102, 463, Login, "the token has expired"),
    ig(400, 102, 464, Login, "the user is unconfirmed"),
    ig(400, 102, 467, Login, "the token is invalid"),
    ig(400, 102, 483, Login, "consent is required"),
    ig(
        400,
        102,
        492,
        Login,
        "the user has lost the role on the Page",
    ),
    graph(400, 1, Service, "an unknown error occurred"),
    graph(400, 2, Service, "service temporarily unavailable"),
    graph(400, 3, Permission, "the app has no such capability"),
    graph(400, 4, Limit, "application request limit reached"),
    graph(400, 17, Limit, "user request limit reached"),
    graph(400, 32, Limit, "Page request limit reached"),
    graph(
        400,
        613,
        Limit,
        "calls to this api have exceeded the rate limit",
    ),
    ig(
        400,
        613,
        1996,
        Limit,
        "inconsistent behaviour in the number of calls",
    ),
    graph(
        400,
        80_001,
        Limit,
        "there have been too many calls to this Page",
    ),
    graph(
        400,
        80_002,
        Limit,
        "there have been too many calls to this Instagram account",
    ),
    graph(400, 341, Limit, "application limit reached"),
    graph(400, 10, Permission, "the permission is missing"),
    graph(403, 200, Permission, "permissions error"),
    graph(400, 100, Request, "invalid parameter"),
    graph(400, 104, Request, "incorrect signature"),
    graph(
        400,
        368,
        Blocked,
        "temporarily blocked for policies violations",
    ),
    graph(400, 506, Request, "duplicate status message"),
    graph(400, 2500, Request, "unknown path components"),
    graph(
        404,
        2635,
        Request,
        "a deprecated version of the API was called",
    ),
];
