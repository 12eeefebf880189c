// The map beside a list of lycées: outline of the départements and markers, no request to anybody else
// unless the page names a server of tiles. Without scripts the list says everything.
(() => {
  const FEW = 30;
  const section = document.querySelector("[data-map]");
  const source = document.getElementById("map-data");
  if (!section || !source || !window.L) return;
  const given = JSON.parse(source.textContent);
  section.hidden = false;

  const map = L.map(section.querySelector("[data-map-canvas]"), {
    scrollWheelZoom: false,
    zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    maxZoom: 17,
    minZoom: 6,
    zoomSnap: 0.25,
    zoomDelta: 1,
  });
  map.attributionControl.setPrefix(false);
  map.zoomControl.remove();
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);

  if (given.tiles) {
    L.tileLayer(given.tiles, { attribution: "© contributeurs OpenStreetMap" }).addTo(map);
  }
  if (given.outline) {
    fetch(given.outline)
      .then((answer) => answer.json())
      .then((outline) => L.geoJSON(outline, { interactive: false, className: "map-outline", onEachFeature: nameIt }).addTo(map).bringToBack())
      .catch(() => {});
  }

  map.fitBounds(L.latLngBounds(given.markers.map((marker) => marker.at)).pad(0.1), { maxZoom: given.tiles ? 14 : 9, animate: false });
  given.markers.forEach(addMarker);

  function nameIt(feature, shape) {
    shape.bindTooltip(feature.properties.name, { permanent: true, direction: "center", className: "map-name", pane: "shadowPane" });
  }

  // Few lycées are pins that the keyboard reaches; many are dots, which would be as many stops of the Tab key.
  function addMarker(marker) {
    if (given.markers.length > FEW) {
      L.circleMarker(marker.at, { radius: 6, weight: 1.5, fillOpacity: 1, className: "map-dot" }).addTo(map).bindPopup(popup(marker));
      return;
    }
    const count = marker.rooms.length;
    const icon = L.divIcon({ className: "map-marker", html: count > 1 ? String(count) : "", iconSize: [28, 28], iconAnchor: [14, 28], popupAnchor: [0, -26] });
    const placed = L.marker(marker.at, { icon, title: marker.name, keyboard: true }).addTo(map);
    placed.getElement().setAttribute("aria-label", `${marker.name}, ${marker.commune}`);
    placed.bindPopup(popup(marker));
  }

  // Built from nodes: names are text, never markup.
  function popup(marker) {
    const box = document.createElement("div");
    const link = document.createElement("a");
    link.href = marker.url;
    link.textContent = marker.name;
    const town = document.createElement("p");
    town.textContent = marker.commune;
    box.append(link, town);
    if (marker.rooms.length) {
      const list = document.createElement("ul");
      for (const room of marker.rooms) {
        const item = document.createElement("li");
        item.textContent = room;
        list.append(item);
      }
      box.append(list);
    }
    return box;
  }
})();
