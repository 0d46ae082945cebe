//! The texts in Spanish.
//!
//! Neutral between Spain and Latin America, with `tú`. Never `de {field}` or `a {field}`: the value
//! brings its article, and Spanish would contract the two.

use crate::error::Code;

/// What is wrong and what to do, as [templates](super::template).
pub(super) const fn templates(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::InputInvalid => (
            "No pudimos leer los datos[: hay un error en la línea {line}, columna {column}].",
            "Revisa el documento y vuelve a enviarlo.",
        ),
        Code::InputTooLarge => (
            "[{surplus}{field} queda fuera: el máximo de piezas es {bound}|Los datos ocupan {measured}; se admiten {allowed}|Los datos ocupan demasiado].",
            "Divide el contenido en partes más pequeñas.",
        ),
        Code::InputTooDeep => (
            "Los datos tienen demasiados niveles[: {measured}; se admiten {allowed}].",
            "Simplifica la estructura del documento.",
        ),
        Code::InputNotUtf8 => (
            "El archivo contiene caracteres que no se pueden leer[ (línea {line}, columna {column})].",
            "Guárdalo con la codificación UTF-8 y vuelve a intentarlo.",
        ),
        Code::OperationUnknown => (
            "La aplicación pidió una operación que no existe[: {text}].",
            "Actualiza la aplicación o avisa a su equipo.",
        ),
        Code::HandleClosed => (
            "La aplicación usó un calendario que ya había cerrado.",
            "Vuelve a abrir la página; si se repite, avisa al equipo de la aplicación.",
        ),
        Code::LibraryFailed => (
            "La aplicación ha tenido un fallo interno[: {text}].",
            "Vuelve a abrir la página; si se repite, avisa al equipo de la aplicación.",
        ),
        Code::FieldMissing => (
            "Falta indicar [{field}|un dato obligatorio].",
            "Completa ese dato y vuelve a intentarlo.",
        ),
        Code::FieldTypeInvalid => (
            "[En {field} ][se esperaba {expected}, pero llegó {found}|llegó {found}, que aquí no se admite|hay un dato que no podemos leer: {text}|hay un dato que no podemos leer].",
            "[Escríbelo así: {pattern}|Cámbialo por {expected}|Corrige ese dato y vuelve a intentarlo].",
        ),
        Code::FieldValueInvalid => (
            "[En {field} hay|Hay] un valor que no se admite[: {text}|: {measured}|: {at}].",
            "[Elige {choices}|Escríbelo así: {pattern}|Indica {allowed}|Elige un momento a partir del {from}|Cámbialo por un valor admitido].",
        ),
        Code::FieldUnknown => (
            "No reconocemos [{field}|uno de los datos].",
            "Quítalo o revisa cómo está escrito.",
        ),
        Code::FieldDefaulted => (
            "Faltaba indicar [{field}|un dato] y usamos el valor habitual[: {text}].",
            "Revísalo y cámbialo si no es lo que quieres.",
        ),
        Code::IdInvalid => (
            "El identificador[ {text}] no es válido.",
            "Actualiza la página; si se repite, avisa al equipo de la aplicación.",
        ),
        Code::IdDuplicate => (
            "El identificador[ {text}] aparece más de una vez.",
            "Conserva solo uno de los elementos repetidos.",
        ),
        Code::DateInvalid => (
            "[{when}|La fecha][ {text}] no existe o no está bien escrita.",
            "[Escríbela así: {pattern}|Escríbela con año, mes y día, por ejemplo 2026-04-02].",
        ),
        Code::TimeInvalid => (
            "[{when}|La hora][ {text}] no existe o no está bien escrita.",
            "[Escríbela así: {pattern}|Escríbela con horas y minutos, por ejemplo 09:30].",
        ),
        Code::TimestampInvalid => (
            "El momento indicado[, {text},] no existe o no está bien escrito.",
            "[Escríbelo así: {pattern}|Escríbelo con fecha, hora y zona, por ejemplo 2026-04-02T09:00:00Z].",
        ),
        Code::TimestampOutOfRange => (
            "La fecha queda fuera de los años 1 a 9999.",
            "Elige una fecha más cercana.",
        ),
        Code::ZoneUnknown => (
            "No conocemos la zona horaria[ {text}].",
            "Elige una zona por su ciudad, por ejemplo Europe/Madrid.",
        ),
        Code::ChannelUnsupported => (
            "No se puede publicar en [{text}|ese canal].",
            "Elige [{choices}|TikTok o Instagram].",
        ),
        Code::FormatUnsupported => (
            "No se puede publicar en el formato [{text}|elegido].",
            "Elige [{choices}|publicación, carrusel, reel o video].",
        ),
        Code::ChannelAuthMissing => (
            "No hay ninguna cuenta de [{text}|{channel}] vinculada.",
            "Vincula una cuenta de [{text}|{channel}] para publicar.",
        ),
        Code::ChannelAuthInvalid => (
            "La cuenta de [{text}|{channel}] ya no nos permite publicar: se retiró el permiso.",
            "Vuelve a vincular la cuenta.",
        ),
        Code::CalendarInvalidChannels => (
            "El calendario no indica canales en los que se pueda publicar[: {text}].",
            "Elige [{choices}|TikTok o Instagram].",
        ),
        Code::CalendarInvalidRange => (
            "El final del calendario queda antes del inicio, o el periodo es demasiado largo.",
            "Revisa la fecha de inicio y la de final.",
        ),
        Code::CalendarNotFound => (
            "No encontramos ese calendario.",
            "Vuelve a la lista de calendarios y ábrelo de nuevo.",
        ),
        Code::CalendarSaveFailed => (
            "No pudimos guardar el calendario; lo que ya estaba guardado sigue igual.",
            "Vuelve a guardarlo en un momento.",
        ),
        Code::CalendarExportError => (
            "No pudimos exportar el calendario.",
            "Vuelve a intentarlo en un momento.",
        ),
        Code::PublishError => (
            "No pudimos publicar en {channel}.",
            "Revisa el estado de cada entrada antes de volver a intentarlo.",
        ),
        Code::AiTimeout => (
            "La generación tardó demasiado y se detuvo; si llegaron piezas, las conservamos.",
            "Usa las piezas que haya o vuelve a generar el calendario.",
        ),
        Code::AiError => (
            "La generación falló; si llegaron piezas, las conservamos.",
            "Usa las piezas que haya o vuelve a generar el calendario.",
        ),
        Code::StreamEventTooLarge => (
            "[Llegó una parte de {measured}; se admiten {allowed}|Llegó una parte del calendario demasiado grande].",
            "Vuelve a generar el calendario; si se repite, avisa al equipo de la aplicación.",
        ),
        Code::StreamEventInvalid => (
            "Llegó una parte del calendario que no se puede leer.",
            "Revisa las piezas recibidas o vuelve a generar el calendario.",
        ),
        Code::StreamEndedEarly => (
            "La generación se cortó antes de terminar; si llegaron piezas, las conservamos.",
            "Usa las piezas que haya o vuelve a generar el calendario.",
        ),
        Code::StreamStalled => (
            "Hace [{measured}|un rato] que no llega nada.",
            "Espera un poco más, o cancela y vuelve a intentarlo.",
        ),
        Code::StreamCancelled => (
            "Se canceló la generación; si llegaron piezas, las conservamos.",
            "Usa las piezas que haya o vuelve a generar el calendario cuando quieras.",
        ),
        Code::StreamPieceDuplicate => (
            "Una pieza llegó dos veces; conservamos la primera.",
            "No tienes que hacer nada.",
        ),
        Code::StreamPieceMissing => (
            "Una pieza del calendario no llegó.",
            "Vuelve a generar el calendario o crea la pieza a mano.",
        ),
        Code::GenerationBusy => (
            "Ya se está generando un calendario.",
            "Espera a que termine o cancela la generación.",
        ),
        Code::MediaMissing => (
            "[{none}Aún no hay archivos|Faltan archivos: hay {measured}; {channel} pide {allowed}|Faltan archivos].",
            "Sube las fotos o el video.",
        ),
        Code::MediaTooMany => (
            "La publicación tiene [{measured}; {channel} {allows} {allowed}|más archivos de los que {allows} {channel}].",
            "Quita [{excess}|los que sobren].",
        ),
        Code::MediaKindUnsupported => (
            "{file} es de un tipo que {channel} no admite en esta publicación[: {text}].",
            "[Usa un archivo de este tipo: {choices}|Usa un archivo de otro tipo].",
        ),
        Code::MediaMixed => (
            "{channel} no permite mezclar fotos y videos en la misma publicación.",
            "Deja solo fotos o solo un video.",
        ),
        Code::MediaFormatUnsupported => (
            "{file} tiene un formato que {channel} no admite[: {text}].",
            "Convierte el archivo a [{choices}|un formato admitido].",
        ),
        Code::MediaTooLarge => (
            "{file} pesa [{measured}; {channel} {allows} {allowed}|demasiado para {channel}].",
            "Comprime el archivo o usa otro más ligero.",
        ),
        Code::MediaDimensionsInvalid => (
            "[{field} mide {measured}; {channel} {allows} {allowed}|{file} tiene unas medidas que {channel} no admite][: {text}].",
            "Cambia el tamaño de la imagen o del video, o usa otro archivo.",
        ),
        Code::MediaRatioInvalid => (
            "{file} tiene una proporción [de {measured}; {channel} {allows} {allowed}|que {channel} no admite].",
            "Recorta la imagen o el video para que encaje.",
        ),
        Code::MediaDurationInvalid => (
            "{file} [dura {measured}; {channel} {allows} {allowed}|tiene una duración que {channel} no admite].",
            "[Recorta el video en {excess}|Usa un video con otra duración].",
        ),
        Code::MediaFrameRateInvalid => (
            "{file} [va a {measured}; {channel} {allows} {allowed}|tiene una velocidad de fotogramas que {channel} no admite].",
            "Vuelve a exportar el video a 30 fps.",
        ),
        Code::MediaCodecUnsupported => (
            "{file} usa una codificación de video que {channel} no admite[: {text}].",
            "Vuelve a exportar el video en [{choices}|H.264].",
        ),
        Code::MediaAudioUnsupported => (
            "{file} lleva un sonido que {channel} no admite[: {text}|: {measured}; el límite es {allowed}].",
            "Vuelve a exportar el video con sonido AAC, mono o estéreo, a 48 kHz.",
        ),
        Code::MediaBitRateTooHigh => (
            "{file} usa [{measured}; {channel} {allows} {allowed}|más datos por segundo de los que {allows} {channel}].",
            "Vuelve a exportar el video con una tasa de bits más baja.",
        ),
        Code::MediaNotStreamable => (
            "{file} [{edits}lleva recortes sin aplicar (una lista de edición), que {channel} no admite|{order}guarda sus datos en un orden que {channel} no admite|tiene una estructura interna que {channel} no admite].",
            "Vuelve a exportar el video con [{edits}los recortes ya aplicados|la opción «optimizado para web»].",
        ),
        Code::MediaUnprobed => (
            "Aún no conocemos [{field}|todos los datos del archivo], así que no podemos confirmar que {channel} acepte la publicación.",
            "Espera a que se analice el archivo o súbelo de nuevo.",
        ),
        Code::MediaUrlInvalid => (
            "{channel} no podrá descargar {file}, porque su dirección no es pública y segura.",
            "Sube el archivo de nuevo.",
        ),
        Code::MediaUrlExpires => (
            "[{dead}{file} ya no está disponible: su enlace caducó el {at}|{early}{file} ya no estará disponible cuando toque publicar: su enlace caduca el {at}|{tight}{file} dejará de estar disponible demasiado pronto: su enlace caduca el {at} y la descarga puede durar hasta el {from}|{file} no estará disponible el tiempo que hace falta: su enlace caduca el {at}|{file} no estará disponible el tiempo que hace falta].",
            "Sube el archivo de nuevo[{later} o adelanta la publicación].",
        ),
        Code::CoverInvalid => (
            "[{beyond}El fotograma de la portada está después del final del video|La portada no sirve para {channel}: {measured}; se admite {allowed}|La portada no sirve para {channel}: {text}|La portada no sirve para {channel}].",
            "Elige [{beyond}un momento anterior del video|otra portada].",
        ),
        Code::AltTextTooLong => (
            "El texto alternativo [tiene {measured}; {channel} {allows} {allowed}|es demasiado largo para {channel}].",
            "Acórtalo[ en {excess}].",
        ),
        Code::AltTextUnsupported => (
            "{channel} no admite texto alternativo aquí y no lo mostrará.",
            "Si es importante, inclúyelo en el texto.",
        ),
        Code::CaptionTooLong => (
            "El texto [tiene {measured}; {channel} {allows} {allowed}|es demasiado largo para {channel}].",
            "Acórtalo[ en {excess}].",
        ),
        Code::TitleTooLong => (
            "El título [tiene {measured}; {channel} {allows} {allowed}|es demasiado largo para {channel}].",
            "Acórtalo[ en {excess}].",
        ),
        Code::HashtagsTooMany => (
            "La publicación lleva [{advice}{measured}; conviene no pasar de {bound}|{advice}más hashtags de los que conviene|{measured}; {channel} {allows} {allowed}|más hashtags de los que {allows} {channel}].",
            "Quita [{excess}|los que sobren].",
        ),
        Code::HashtagInvalid => (
            "[El hashtag {text}|Un hashtag] contiene un espacio, un signo o un emoji que lo corta.",
            "Usa solo letras, números y guiones bajos.",
        ),
        Code::MentionsTooMany => (
            "La publicación lleva [{advice}{measured}; conviene no pasar de {bound}|{advice}más menciones de las que conviene|{measured}; {channel} {allows} {allowed}|más menciones de las que {allows} {channel}].",
            "Quita [{excess}|las que sobren].",
        ),
        Code::UserTagsTooMany => (
            "Etiquetas [{measured}; {channel} {allows} {allowed}|más cuentas de las que {allows} {channel}].",
            "Quita [{excess}|las que sobren].",
        ),
        Code::UserTagInvalid => (
            "[La cuenta {text}|Una cuenta etiquetada] no tiene un nombre o una posición que sirva.",
            "Revisa el nombre de usuario y, si es una etiqueta, su lugar en la imagen.",
        ),
        Code::CollaboratorsTooMany => (
            "Invitas a colaborar a [{measured}; {channel} {allows} {allowed}|más cuentas de las que {allows} {channel}].",
            "Quita [{excess}|las que sobren].",
        ),
        Code::OptionUnsupported => (
            "{channel} no permite usar [{field}|esa opción] en esta publicación.",
            "Quita esa opción.",
        ),
        Code::OptionIgnored => (
            "{channel} no tendrá en cuenta [{field}|esa opción] en esta publicación.",
            "No cambia nada si la dejas; puedes quitarla.",
        ),
        Code::PrivacyMissing => (
            "Falta elegir quién puede ver la publicación.",
            "Elige la privacidad en las opciones de {channel}.",
        ),
        Code::PrivacyNotAllowed => (
            "Esta cuenta de {channel} no permite la privacidad elegida[: {text}].",
            "Elige [{choices}|otra de las opciones disponibles].",
        ),
        Code::DisclosureIncomplete => (
            "Indicaste que la publicación es comercial, pero falta decir qué promociona.",
            "Marca «tu marca», «contenido de marca» o ambas opciones.",
        ),
        Code::DisclosurePrivacyConflict => (
            "El contenido de marca no puede ser privado en {channel}.",
            "Cambia la privacidad o desmarca «contenido de marca».",
        ),
        Code::InteractionNotAllowed => (
            "La configuración de esta cuenta de {channel} no permite [{field}|esa interacción].",
            "Desmarca esa opción o cambia la configuración de la cuenta.",
        ),
        Code::ConsentMissing => (
            "Falta aceptar las condiciones que {channel} pide antes de publicar.",
            "Lee el aviso y acéptalo.",
        ),
        Code::AppUnaudited => (
            "{channel} aún no ha revisado esta aplicación y solo permite publicaciones privadas en cuentas privadas.",
            "Publica solo para ti desde una cuenta privada, o espera a que termine la revisión.",
        ),
        Code::TokenExpired => (
            "El permiso para publicar en {channel} [{advised}puede caducar antes de que termine de publicarse|{later}habrá caducado cuando toque publicar|ha caducado][ (el {at})].",
            "Vuelve a vincular la cuenta.",
        ),
        Code::TokenRefreshNeeded => (
            "El permiso de la cuenta se renovará antes de que toque publicar[: caduca el {at}].",
            "No tienes que hacer nada.",
        ),
        Code::ScopeMissing => (
            "A la cuenta de {channel} le falta un permiso para publicar.",
            "Vuelve a vincular la cuenta y acepta todos los permisos.",
        ),
        Code::AccountAmbiguous => (
            "Hay [{measured} de {channel}|varias cuentas de {channel}] y la entrada no dice cuál usar.",
            "Elige la cuenta de esta entrada.",
        ),
        Code::AccountChannelMismatch => (
            "La cuenta elegida no es de {channel}.",
            "Elige una cuenta de {channel} o cambia el canal de la entrada.",
        ),
        Code::AccountNotFound => (
            "No encontramos esa cuenta.",
            "Elige otra cuenta o vincúlala de nuevo.",
        ),
        Code::LinkInvalid => (
            "Este intento de vincular la cuenta no se puede terminar: tardó demasiado o ya se usó.",
            "Empieza a vincular la cuenta de nuevo.",
        ),
        Code::AccountCoolingDown => (
            "{channel} pidió una pausa y no publicaremos con esta cuenta [hasta el {from}|hasta el {at}|durante {measured}|por un rato].",
            "No tienes que hacer nada: seguiremos después de la pausa.",
        ),
        Code::DailyCapExceeded => (
            "Hay [{measured} en 24 horas; {channel} {allows} {allowed}|más publicaciones en 24 horas de las que {allows} {channel}].",
            "Mueve [{excess}|alguna] a otro día.",
        ),
        Code::ScheduleMissing => (
            "Falta elegir cuándo se publica.",
            "Elige la fecha y la hora.",
        ),
        Code::ScheduleInPast => (
            "La hora elegida[, {at},] ya pasó.",
            "Elige un momento [a partir del {from}|futuro].",
        ),
        Code::ScheduleClash => (
            "Otra publicación de la misma cuenta sale casi a la misma hora[: el {at}|{none}|: con {measured} de diferencia].",
            "[Deja {allowed} entre las dos|Cambia la hora de una de las dos].",
        ),
        Code::ScheduleGap => (
            "Esa hora no existe ese día porque cambia la hora[ en {zone}]; la publicación pasa a ser [{measured} más tarde|más tarde].",
            "Revisa la nueva hora y cámbiala si no te sirve.",
        ),
        Code::ScheduleFold => (
            "Esa hora ocurre dos veces ese día por el cambio de hora[ en {zone}]; usamos la primera[, {measured} antes que la segunda].",
            "Revisa la hora y cámbiala si no te sirve.",
        ),
        Code::ScheduleMismatch => (
            "La fecha y la hora de la publicación no coinciden con el instante programado[: saldrá el {at}].",
            "Elige de nuevo la fecha y la hora para que coincidan.",
        ),
        Code::ScheduleOffsetInvalid => (
            "No se pueden mover las entradas [{measured}|tanto tiempo].",
            "Elige un desplazamiento [de {allowed}|más corto].",
        ),
        Code::ScheduleStale => (
            "El calendario cambió desde que preparamos la vista previa.",
            "Revisa la nueva vista previa antes de aplicarla.",
        ),
        Code::ScheduleFrozen => (
            "Esta entrada ya se publicó o se está publicando, y no se puede mover.",
            "Crea otra entrada si quieres publicar de nuevo.",
        ),
        Code::CheckpointMediaLate => (
            "Los archivos deben estar 24 horas antes de publicar[ (el {at})| (el {from})] y aún faltan.",
            "Sube los archivos o cambia la fecha.",
        ),
        Code::CheckpointReviewLate => (
            "La entrada debe revisarse 6 horas antes de publicar[ (el {at})| (el {from})] y aún no se ha revisado.",
            "Revisa la entrada o cambia la fecha.",
        ),
        Code::MergeConflict => (
            "Cambiaste a mano [{field}|un dato] y la nueva versión trae otra cosa.",
            "Elige cuál de las dos versiones conservar.",
        ),
        Code::MergeChoiceUnknown => (
            "La elección no corresponde a ningún cambio de la lista.",
            "Actualiza la lista de cambios y elige de nuevo.",
        ),
        Code::JobTransitionIllegal => (
            "Eso no se puede hacer con la publicación en su estado actual[: {text}].",
            "Actualiza la página para ver cómo está.",
        ),
        Code::JobExists => (
            "Esta pieza ya está programada.",
            "Cambia su hora o cancélala primero.",
        ),
        Code::JobNotFound => ("No encontramos esa publicación.", "Actualiza la página."),
        Code::JobLeaseLost => (
            "Otro proceso se hizo cargo de esta publicación.",
            "No tienes que hacer nada: mira el resultado en un momento.",
        ),
        Code::LeaseTooShort => (
            "La aplicación reserva muy poco tiempo para cada publicación[: {measured}; hace falta {allowed}].",
            "Avisa al equipo de la aplicación.",
        ),
        Code::EntryNotFound => ("No encontramos esa entrada.", "Actualiza el calendario."),
        Code::EntryDraft => (
            "Esta entrada es un borrador.",
            "Quita la marca de borrador cuando quieras publicarla.",
        ),
        Code::EntryPublished => (
            "Esta entrada ya está publicada.",
            "Crea otra entrada si quieres publicar de nuevo.",
        ),
        Code::MissedSchedule => (
            "La hora prevista[, {at},] pasó sin que pudiéramos publicar.",
            "Publica ahora o elige otra hora.",
        ),
        Code::OutcomeUnknown => (
            "No sabemos si la publicación llegó a salir en {channel}.",
            "Mira en {channel} si está y dinos si se publicó.",
        ),
        Code::RetriesExhausted => (
            "Lo intentamos varias veces y no pudimos publicar en {channel}.",
            "Revisa la causa y vuelve a programar la publicación.",
        ),
        Code::Cancelled => ("Se canceló.", "Prográmalo de nuevo si cambias de idea."),
        Code::FlagOff => (
            "Esta función está desactivada y no se envió nada.",
            "Pide al equipo de la aplicación que la active.",
        ),
        Code::IdempotencyConflict => (
            "Esa petición ya se hizo con otro contenido.",
            "Actualiza la página y vuelve a intentarlo.",
        ),
        Code::OutboxFull => (
            "Hay demasiadas peticiones en espera mientras no podemos guardarlas[: {measured}].",
            "Espera unos minutos y vuelve a intentarlo.",
        ),
        Code::StoreUnavailable => (
            "No podemos acceder a tus datos en este momento.",
            "Espera unos minutos y vuelve a intentarlo.",
        ),
        Code::StoreCorrupt => (
            "Hay un dato guardado que no se puede leer.",
            "Avisa al equipo de la aplicación.",
        ),
        Code::StoreSchemaNewer => (
            "Tus datos se guardaron con una versión más nueva de la aplicación.",
            "Actualiza la aplicación.",
        ),
        Code::RevisionConflict => (
            "Alguien guardó cambios mientras editabas.",
            "Revisa los cambios y guarda de nuevo.",
        ),
        Code::CsvSyntax => (
            "El archivo CSV tiene un error[ en la línea {line}, columna {column}][: hay {measured}; se espera {allowed}].",
            "Corrige esa línea y vuelve a importar el archivo.",
        ),
        Code::CsvHeaderInvalid => (
            "La primera fila del archivo CSV no nombra bien las columnas.",
            "Usa como modelo un archivo exportado desde aquí.",
        ),
        Code::SchemaVersionUnsupported => (
            "El documento usa una versión que no conocemos[: {text}|: {measured}].",
            "Actualiza la aplicación o exporta el documento de nuevo.",
        ),
        Code::WriteFailed => (
            "No pudimos escribir el archivo.",
            "Comprueba que haya espacio y vuelve a intentarlo.",
        ),
        Code::RateLimited => (
            "{channel} nos pidió ir más despacio[ hasta el {from}| hasta el {at}| durante {measured}].",
            "No tienes que hacer nada: seguiremos después.",
        ),
        Code::QuotaExhausted => (
            "Se alcanzó el límite diario de publicaciones de {channel}[: {measured}; se admite {allowed}].",
            "Espera a que se libere el límite o elige otro día.",
        ),
        Code::AccountBlocked => (
            "{channel} bloqueó las publicaciones de esta cuenta.",
            "Abre {channel} y revisa los avisos de la cuenta.",
        ),
        Code::AccountActionRequired => (
            "{channel} pide que hagas algo en su aplicación antes de publicar.",
            "Abre {channel}, sigue los pasos que te pida y vuelve aquí.",
        ),
        Code::ContentRejected => (
            "{channel} rechazó el contenido de la publicación.",
            "Cambia el texto o las opciones y vuelve a programarla.",
        ),
        Code::MediaRejected => ("{channel} rechazó {file}.", "Revisa el archivo o usa otro."),
        Code::MediaUnreachable => (
            "{channel} no pudo descargar {file}.",
            "Sube el archivo de nuevo; si se repite, avisa al equipo de la aplicación.",
        ),
        Code::AppMisconfigured => (
            "La aplicación no está bien configurada en {channel}.",
            "Avisa al equipo de la aplicación.",
        ),
        Code::PlatformTemporary => (
            "{channel} tuvo un fallo pasajero.",
            "Espera un poco: lo intentaremos de nuevo.",
        ),
        Code::PlatformPermanent => (
            "{channel} rechazó la publicación y repetirla no lo arreglará[ (referencia {text})].",
            "Revisa el contenido y la cuenta; si no ves la causa, avisa al equipo de la aplicación.",
        ),
    }
}
