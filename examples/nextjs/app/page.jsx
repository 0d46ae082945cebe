"use client";

import { Calendar, ready } from "calendar-publish";
import { useEffect, useState } from "react";

// What your own route would answer: hand its bytes to `Calendar.load`.
const calendarDocument = {
  entries: [
    {
      id: "018f0000-0000-7000-8000-000000000001",
      calendarId: "018f0000-0000-7000-8000-0000000000c1",
      piece: { title: "Pan", channel: "instagram", format: "post", copy: "Hoy hay pan.", date: "2026-04-02", time: "09:00" },
    },
  ],
};

export default function Page() {
  const [tiles, setTiles] = useState([]);
  useEffect(() => {
    ready().then(() => {
      const calendar = Calendar.load(calendarDocument);
      setTiles(calendar.page({ limit: 50 }).tiles);
    });
  }, []);
  return (
    <ul>
      {tiles.map((tile) => (
        <li key={tile.entryId}>
          {tile.title}: {tile.tile}
        </li>
      ))}
    </ul>
  );
}
