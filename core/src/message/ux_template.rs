//! The texts of the states of an interface, as [templates](super::template), both languages side by
//! side. `{name=1}` is a condition: it is there only if the count is 1.

use super::{Lang, UxState};

/// The title and the body of a state.
pub(super) const fn templates(state: UxState, lang: Lang) -> (&'static str, &'static str) {
    let [es, en] = both(state);
    match lang {
        Lang::Es => es,
        Lang::En => en,
    }
}

const fn both(state: UxState) -> [(&'static str, &'static str); 2] {
    match state {
        UxState::Streaming { .. } => [
            (
                "Generando tu calendario",
                "[{received=0}Esperando la primera pieza|Piezas recibidas: {received} de {total}|Piezas recibidas: {received}].",
            ),
            (
                "Generating your calendar",
                "[{received=0}Waiting for the first piece|Pieces received: {received} of {total}|Pieces received: {received}].",
            ),
        ],
        UxState::StreamStalled { .. } => [
            (
                "La generación va lenta",
                "Hace {silence} que no llega nada. [{received=0}Aún no llegó ninguna pieza|{received=1}La pieza que llegó está a salvo|Las {received} piezas que llegaron están a salvo].",
            ),
            (
                "The generation is slow",
                "Nothing has arrived for {silence}. [{received=0}No piece has arrived yet|{received=1}The piece that arrived is safe|The {received} pieces that arrived are safe].",
            ),
        ],
        UxState::StreamTimedOut { .. } => [
            (
                "La generación tardó demasiado",
                "[{received=0}No llegó ninguna pieza; puedes volver a intentarlo|{received=1}Conservamos la pieza que llegó; puedes usarla o volver a intentarlo|Conservamos las {received} piezas que llegaron; puedes usarlas o volver a intentarlo].",
            ),
            (
                "The generation took too long",
                "[{received=0}No piece arrived; you can try again|{received=1}We kept the piece that arrived; you can use it or try again|We kept the {received} pieces that arrived; you can use them or try again].",
            ),
        ],
        UxState::StreamFailed { .. } => [
            (
                "No pudimos generar todo el calendario",
                "[{received=0}No llegó ninguna pieza; puedes volver a intentarlo|{received=1}Conservamos la pieza que llegó; puedes usarla o volver a intentarlo|Conservamos las {received} piezas que llegaron; puedes usarlas o volver a intentarlo].",
            ),
            (
                "We couldn't generate the whole calendar",
                "[{received=0}No piece arrived; you can try again|{received=1}We kept the piece that arrived; you can use it or try again|We kept the {received} pieces that arrived; you can use them or try again].",
            ),
        ],
        UxState::StreamCancelled { .. } => [
            (
                "Generación cancelada",
                "[{received=0}No había llegado ninguna pieza|{received=1}Conservamos la pieza que llegó|Conservamos las {received} piezas que llegaron].",
            ),
            (
                "Generation cancelled",
                "[{received=0}No piece had arrived|{received=1}We kept the piece that arrived|We kept the {received} pieces that arrived].",
            ),
        ],
        UxState::StreamCompleted { .. } => [
            (
                "Calendario generado",
                "[{received=0}No llegó ninguna pieza; puedes volver a intentarlo|{received=1}Llegó 1 pieza|Llegaron {received} piezas].",
            ),
            (
                "Calendar generated",
                "[{received=0}No piece arrived; you can try again|{received=1}1 piece arrived|{received} pieces arrived].",
            ),
        ],
        UxState::ChangesFound { .. } => [
            (
                "Cambios en el calendario",
                "[Piezas: {changes}. Puedes aplicar los cambios o dejar todo como está|La nueva versión es igual a la guardada].",
            ),
            (
                "Changes in the calendar",
                "[Pieces: {changes}. You can apply the changes or leave everything as it is|The new version is the same as the saved one].",
            ),
        ],
        UxState::Saved { .. } => [
            (
                "Calendario guardado",
                "[{entries=1}Se guardó 1 entrada|Se guardaron {entries} entradas].",
            ),
            (
                "Calendar saved",
                "[{entries=1}1 entry was saved|{entries} entries were saved].",
            ),
        ],
        UxState::SaveFailed => [
            (
                "No pudimos guardar",
                "Lo que ya estaba guardado sigue igual y tus cambios siguen en pantalla. Vuelve a intentarlo en un momento.",
            ),
            (
                "We couldn't save",
                "What was saved before is unchanged and your changes are still on screen. Try again in a moment.",
            ),
        ],
        UxState::SaveConflict => [
            (
                "Alguien guardó antes que tú",
                "Tus cambios no se han perdido. Compáralos con lo guardado y elige qué conservar.",
            ),
            (
                "Somebody saved before you",
                "Your changes aren't lost. Compare them with what is saved and choose what to keep.",
            ),
        ],
        UxState::PublishSucceeded { .. } => [
            (
                "Publicación terminada",
                "[{published=1}Se publicó 1 entrada|Se publicaron {published} entradas].",
            ),
            (
                "Publishing finished",
                "[{published=1}1 entry was published|{published} entries were published].",
            ),
        ],
        UxState::PublishPartial { .. } => [
            (
                "Publicación incompleta",
                "[{published=1}Se publicó 1 entrada|Se publicaron {published} entradas] y [{failed=1}1 no se pudo publicar|{failed} no se pudieron publicar].",
            ),
            (
                "Publishing incomplete",
                "[{published=1}1 entry was published|{published} entries were published] and {failed} couldn't be.",
            ),
        ],
        UxState::PublishFailed { .. } => [
            (
                "No pudimos publicar",
                "[{failed=1}1 entrada no se pudo publicar|{failed} entradas no se pudieron publicar]. Cada una dice por qué y qué puedes hacer.",
            ),
            (
                "We couldn't publish",
                "[{failed=1}1 entry|{failed} entries] couldn't be published. Each says why and what you can do.",
            ),
        ],
        UxState::PublishChecked { .. } => [
            (
                "Ensayo terminado",
                "No se envió nada. Entradas listas: {ready}; con algo por resolver: {blocked}.",
            ),
            (
                "Dry run finished",
                "Nothing was sent. Entries ready: {ready}; with something to fix: {blocked}.",
            ),
        ],
        UxState::PublishCancelled { .. } => [
            (
                "Publicación cancelada",
                "[{cancelled=1}1 entrada no se publicará|{cancelled} entradas no se publicarán].",
            ),
            (
                "Publishing cancelled",
                "[{cancelled=1}1 entry|{cancelled} entries] won't be published.",
            ),
        ],
        UxState::NothingToPublish => [
            (
                "No hay nada que publicar",
                "Ninguna entrada está lista para salir. Revisa el calendario.",
            ),
            (
                "Nothing to publish",
                "No entry is ready to go out. Check the calendar.",
            ),
        ],
        UxState::PublishingOff => [
            (
                "La publicación está desactivada",
                "No se envió nada y tu calendario sigue igual.",
            ),
            (
                "Publishing is switched off",
                "Nothing was sent and your calendar is unchanged.",
            ),
        ],
        UxState::ChannelNotConnected { .. } => [
            (
                "Falta vincular {channel}",
                "Vincula una cuenta de {channel} para publicar en ella.",
            ),
            (
                "{channel} isn't linked",
                "Link an account on {channel} to publish to it.",
            ),
        ],
        UxState::WaitingForStore { .. } => [
            (
                "En espera",
                "No podemos guardar en este momento. [{waiting=1}1 petición espera y se guardará|{waiting} peticiones esperan y se guardarán] en cuanto sea posible.",
            ),
            (
                "Waiting",
                "We can't save right now. [{waiting=1}1 request is waiting|{waiting} requests are waiting] and will be saved as soon as possible.",
            ),
        ],
        UxState::ExportSucceeded { .. } => [
            (
                "Exportación terminada",
                "[{entries=1}Se exportó 1 entrada|Se exportaron {entries} entradas].",
            ),
            (
                "Export finished",
                "[{entries=1}1 entry was exported|{entries} entries were exported].",
            ),
        ],
        UxState::ExportFailed => [
            (
                "No pudimos exportar",
                "Tu calendario sigue igual. Vuelve a intentarlo en un momento.",
            ),
            (
                "We couldn't export",
                "Your calendar is unchanged. Try again in a moment.",
            ),
        ],
        UxState::ShiftPreview { .. } => [
            (
                "Vista previa del cambio de fechas",
                "[{moved=0}Ninguna entrada se movería|{moved=1}Se movería 1 entrada|Se moverían {moved} entradas].[{clashes=0}|{clashes=1} 1 coincidiría con otra.| {clashes} coincidirían con otra.][{adjusted=0}|{adjusted=1} La hora de 1 se ajusta por el cambio de hora.| La hora de {adjusted} se ajusta por el cambio de hora.]",
            ),
            (
                "Preview of the move",
                "[{moved=0}No entry would move|{moved=1}1 entry would move|{moved} entries would move].[{clashes=0}|{clashes=1} 1 would clash with another.| {clashes} would clash with another.][{adjusted=0}|{adjusted=1} The time of 1 is adjusted because the clocks change.| The time of {adjusted} is adjusted because the clocks change.]",
            ),
        ],
        UxState::UndoOffered { .. } => [
            (
                "Cambio aplicado",
                "[{changed=1}Cambió 1 entrada|Cambiaron {changed} entradas]. Puedes deshacerlo.",
            ),
            (
                "Change applied",
                "[{changed=1}1 entry|{changed} entries] changed. You can undo it.",
            ),
        ],
        UxState::Undone { .. } => [
            (
                "Cambio deshecho",
                "[{restored=1}1 entrada está|{restored} entradas están] como antes.",
            ),
            (
                "Change undone",
                "[{restored=1}1 entry is|{restored} entries are] as before.",
            ),
        ],
    }
}
