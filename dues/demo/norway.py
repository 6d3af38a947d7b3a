"""Norwegian names for the demonstration."""

from dues.demo.words import Words, cities, listed

NORWAY = Words(
    given=listed(
        """Anne, Jan, Inger, Per, Kari, Bjørn, Marit, Ole, Ingrid, Lars, Liv, Kjell, Eva, Knut, Berit, Svein, Astrid,
        Arne, Bjørg, Thomas, Hilde, Geir, Anna, Hans, Solveig, Morten, Marianne, Tor, Randi, Terje, Ida, Odd, Nina,
        Erik, Maria, Martin, Bente, Andreas, Silje, John, Hanne, Anders, Kristin, Rune, Tone, Trond, Elisabeth, Harald,
        Gerd, Tore, Heidi, Olav, Camilla, Kristian, Ragnhild, Gunnar, Nora, Jakob, Emma, Noah, Sofie, Oskar, Maja,
        Emil, Åse, Øyvind, Frøydis, Håkon, Ali, Amina, Mohamed, Fatima, Piotr, Agnieszka, Olena, Yusuf"""
    ),
    family=listed(
        """Hansen, Johansen, Olsen, Larsen, Andersen, Pedersen, Nilsen, Kristiansen, Jensen, Karlsen, Johnsen,
        Pettersen, Eriksen, Berg, Haugen, Hagen, Johannessen, Andreassen, Jacobsen, Dahl, Jørgensen, Henriksen, Lund,
        Halvorsen,
        Sørensen, Jakobsen, Moen, Gundersen, Iversen, Strand, Solberg, Svendsen, Eide, Knutsen, Martinsen, Paulsen,
        Bakken, Kristoffersen, Mathisen, Lie, Amundsen, Nguyen, Rasmussen, Ali, Lunde, Solheim, Moe, Nygård, Berge,
        Kristensen, Bakke, Fredriksen, Holm, Lien, Hauge, Christensen, Andresen, Nielsen, Knudsen, Evensen, Sæther,
        Aas, Myhre, Hanssen, Haugland, Thomassen, Ahmed, Sivertsen, Simonsen, Danielsen, Berntsen, Sandvik, Rønning,
        Arnesen, Næss, Vik, Antonsen, Haug, Ellingsen, Thorsen, Edvardsen, Birkeland, Isaksen, Gulbrandsen, Ruud,
        Aasen, Strøm, Myklebust, Tangen, Ødegård"""
    ),
    streets=listed(
        """Storgata, Skoleveien, Kirkeveien, Bjørkeveien, Granveien, Furuveien, Solveien, Strandveien, Skogveien,
        Parkveien, Ringveien, Industriveien, Nygata, Åsveien, Lyngveien, Rognveien, Bekkeveien, Fjellveien, Fjordveien,
        Kirkegata, Torggata, Jernbanegata, Sjøgata, Havnegata, Elveveien, Dalsveien, Haugveien, Lindeveien, Ospeveien,
        Seljeveien, Einerveien, Enggata, Vestre vei, Østre vei, Søndre gate, Nordre gate, Tyttebærveien, Blåbærveien,
        Myrveien, Tunveien"""
    ),
    cities=cities(
        """Oslo 05, Bergen 50, Trondheim 70, Stavanger 40, Drammen 30, Fredrikstad 16, Kristiansand 46, Sandnes 43,
        Tromsø 90, Sarpsborg 17, Skien 37, Ålesund 60, Sandefjord 32, Haugesund 55, Tønsberg 31, Moss 15, Porsgrunn 39,
        Bodø 80, Arendal 48, Hamar 23, Larvik 32, Halden 17, Lillehammer 26, Harstad 94, Molde 64, Kongsberg 36,
        Gjøvik 28, Horten 31, Mo i Rana 86, Kristiansund 65, Hønefoss 35, Alta 95, Elverum 24, Askim 18, Narvik 85,
        Levanger 76, Steinkjer 77, Voss 57, Førde 68, Namsos 78"""
    ),
    choirs=listed(
        """Demokoret, Demo damekor, Demo mannskor, Demo barnekor, Demo kammerkor, Demo ungdomskor, Demo visegruppe,
        Demo turlag"""
    ),
    quarters=listed("nord, sør, øst, vest, sentrum"),
    regions=listed("Øst, Sør, Vest, Midt, Nord, Finnmark"),
)
